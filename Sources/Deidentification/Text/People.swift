extension TokenizedText {
    /// "Dr. Young", "Mrs Long", "reported by Hand", "Patient: Low", "Hand, MD": the title goes, and the name with it.
    mutating func removeNamedPeople() {
        for i in tokens.indices {
            let roles = tokens[i].roles
            if roles.contains(.title), isTitle(i) {
                remove(i)
                var next = i + 1
                // "Dr. med. Young"
                while next < tokens.count, isEqual(next, "med") || isEqual(next, "rer") || isEqual(next, "nat") {
                    remove(next)
                    next += 1
                }
                if next < tokens.count, next > i + 1 || after(i) != nil, !gapAfter(i).contains(.comma) {
                    removeName(from: next, after: .title)
                }
            } else if roles.contains(.person) || roles.contains(.weakPerson) {
                guard i + 1 < tokens.count, !gapAfter(i).contains(.newline), let next = after(i) else { continue }
                let isField = !gapAfter(i).isDisjoint(with: [.colon, .equals])
                let trigger: Trigger = isField ? .field : roles.contains(.person) ? .person : .weakPerson
                removeName(from: next, after: trigger)
            }
            if roles.contains(.credential), tokens[i].casing != .lower, i > 0, !tokens[i].gap.contains(.stop) {
                removeName(before: i)
            }
        }
    }

    private enum Trigger { case title, field, person, weakPerson }

    /// "Mr" but not "MR brain"; "DR" before a name but not before "chest".
    func isTitle(_ i: Int) -> Bool {
        guard tokens[i].roles.contains(.ambiguousTitle) else { return true }
        let hasDot = gapAfter(i).contains(.dot)
        if tokens[i].casing == .capitalised || hasDot { return after(i) != nil || hasDot }
        guard let next = after(i) else { return false }
        switch tokens[next].kind {
        case .name, .given, .givenName: return true
        case .beside, .eponym: return isEqual(i, "dr")
        case .none: return isEqual(i, "dr") && tokens[next].shape == .word
        case .plain, .surname, .particle: return false
        }
    }

    /// Removes up to four words of a name.
    private mutating func removeName(from first: Int, after trigger: Trigger) {
        var i = first
        for count in 0..<4 {
            guard i < tokens.count, count == 0 || !tokens[i].gap.contains(.stop), tokens[i].shape != .number else {
                return
            }
            let joins = count > 0 && tokens[i].gap.contains(.hyphen) && tokens[i].gap.joins
            let isSecond = count == 1 && tokens[i].kind == .surname && !tokens[i - 1].kind.isWord && !isSmall(i)
            guard joins || isSecond || (count == 0 ? starts(i, trigger) : isNamelike(i)) else { return }
            if count > 0, tokens[i].gap.contains(.comma), !tokens[i].isGone, tokens[i].kind == .surname { return }
            if !tokens[i].isGone { remove(i) }
            i += 1
        }
    }

    private func starts(_ i: Int, _ trigger: Trigger) -> Bool {
        let token = tokens[i]
        let isSmall = isSmall(i)
        if token.kind == .surname, !isSmall, let next = after(i), tokens[next].shape == .word,
            !tokens[next].kind.isWord,
            tokens[next].folded.count > 1
        {
            return true
        }
        switch trigger {
        case .title: return !(token.kind == .plain && (isSmall || token.folded.count <= 3 && !token.isLetter))
        case .field: return isNamelike(i) || token.kind == .surname && !isSmall
        case .person:
            // "by J Hand", "by Bone."
            if token.isLetter, token.hasCapital, let next = after(i) {
                return isNamelike(next) || tokens[next].kind == .surname
            }
            let isLast = after(i) == nil || gapAfter(i).contains(.comma)
            return isNamelike(i) || token.kind == .surname && !isSmall && isLast
        case .weakPerson:
            switch token.kind {
            case .name, .given: return !isSmall
            case .givenName, .none, .eponym: return isNamelike(i)
            case .beside, .surname:
                return hasBothCases && token.casing == .capitalised && tokens[i - 1].casing == .lower
            case .plain, .particle: return false
            }
        }
    }

    /// Written small in a text that has capitals.
    func isSmall(_ i: Int) -> Bool { hasBothCases && tokens[i].casing == .lower }

    /// A word that can be part of a name here: none of the field, an initial, or one that is a name too and written
    /// like it.
    func isNamelike(_ i: Int) -> Bool {
        let token = tokens[i]
        guard token.shape == .word || token.shape == .foreign else { return false }
        if token.isLetter { return token.hasCapital && gapAfter(i).contains(.dot) }
        let isSmall = isSmall(i)
        switch token.kind {
        case .none, .givenName, .particle: return true
        case .beside, .name, .given, .eponym: return !isSmall
        case .surname: return hasBothCases && token.casing == .capitalised
        case .plain: return false
        }
    }

    /// The words of a name before a degree: "Hand, MD".
    private mutating func removeName(before end: Int) {
        var i = end - 1
        let isListed = tokens[end].gap.contains(.comma)
        guard isNamelike(i) || isListed && tokens[i].kind == .surname, isListed || tokens[i].isGone else { return }
        remove(end)
        for _ in 0..<4 {
            guard i >= 0, isNamelike(i) || i == end - 1 else { return }
            if !tokens[i].isGone { remove(i) }
            guard !tokens[i].gap.contains(.stop) else { return }
            i -= 1
        }
    }
}
