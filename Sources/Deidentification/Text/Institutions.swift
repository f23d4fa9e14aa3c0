extension TokenizedText {
    func isInstitution(_ i: Int) -> Bool {
        let roles = tokens[i].roles
        if roles.contains(.institution) { return true }
        guard roles.contains(.institutionEnd), let previous = before(i) else { return false }
        return tokens[previous].roles.contains(.institutionPart) && tokens[i].gap.isOnlySpace
    }

    /// "Mercy Hospital", "St. Mary's Medical Center", "University Hospital of Essen"; "hospital course" stays.
    mutating func removeInstitution(_ i: Int) {
        var k = i
        var hasName = false
        for count in 0..<6 {
            guard let previous = before(k), tokens[k].gap.isDisjoint(with: [.comma, .colon]),
                tokens[previous].shape != .number
            else { break }
            let token = tokens[previous]
            let isCapital = hasBothCases && token.casing == .capitalised
            let isLink = isEqual(previous, "of") || isEqual(previous, "for") || isEqual(previous, "and")
            let belongs =
                isNamelike(previous) || isCapital && (count == 0 || token.kind != .plain)
                || token.roles.contains(.institution)
                || token.roles.contains(.institutionPart) && count == 0
            guard
                belongs
                    || isLink
                        && before(previous).map({ tokens[$0].roles.contains(.institution) || isNamelike($0) }) ?? false
            else { break }
            if belongs { hasName = true }
            remove(previous)
            k = previous
        }
        var last = i
        if let link = after(i), isEqual(link, "of") || isEqual(link, "for") || tokens[link].kind == .particle,
            let name = after(link),
            tokens[name].isGone || isNamelike(name) || hasBothCases && tokens[name].casing == .capitalised
        {
            hasName = true
            last = name
            for k in link...name { remove(k) }
        }
        while let next = after(last), tokens[next].gap.isOnlySpace || tokens[next].gap == .hyphen,
            tokens[next].isGone || hasBothCases && tokens[next].casing == .capitalised && isNamelike(next)
        {
            hasName = true
            remove(next)
            last = next
        }
        if hasName || hasBothCases && tokens[i].casing == .capitalised && before(i) != nil { remove(i) }
    }

    /// "St. Mary's", "San Diego": with what follows, when that is no word.
    mutating func removeSaint(_ i: Int) {
        guard let next = after(i), tokens[next].shape == .word,
            gapAfter(i).isDisjoint(with: [.hyphen, .comma, .colon]) || !tokens[next].kind.isWord
        else { return }
        let isSaint =
            gapAfter(i).contains(.dot)
            || tokens[next].kind != .plain && tokens[next].kind != .particle && tokens[next].kind != .surname
        guard isSaint, isNamelike(next) || gapAfter(i).contains(.dot) && tokens[next].hasCapital else { return }
        remove(i)
        if tokens[next].kind.isWord { remove(next) }
    }

    /// "lives in Bath", "transferred from Mercy".
    mutating func removeTown(after i: Int) {
        guard var k = after(i),
            isEqual(k, "in") || isEqual(k, "at") || isEqual(k, "of") || isEqual(k, "to") || isEqual(k, "from"),
            after(k) != nil
        else { return }
        k += 1
        for _ in 0..<3 {
            guard k < tokens.count, !tokens[k].gap.contains(.stop),
                isNamelike(k) || hasBothCases && tokens[k].casing == .capitalised
            else { return }
            remove(k)
            k += 1
        }
    }
}
