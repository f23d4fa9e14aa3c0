extension TokenizedText {
    /// Streets, towns, hospitals, and what is numbered as an identifier; months with their days, times of day.
    mutating func removePlacesAndDates() {
        for i in tokens.indices {
            let roles = tokens[i].roles
            if tokens[i].verdict == .unknown, isStreet(i) {
                remove(i + 1)
                removeRestOfAddress(after: i + 1)
            }
            if roles.isEmpty && !tokens[i].hasDigit { continue }
            if roles.contains(.month) { removeDate(i) }
            if roles.contains(.clock) { removeTime(i) }
            if roles.contains(.identifier) { removeIdentifier(after: i) }
            if roles.contains(.streetFirst) { removeStreet(after: i) }
            if roles.contains(.street) { removeStreet(before: i) }
            if roles.contains(.saint) { removeSaint(i) }
            if roles.contains(.place) { removeTown(after: i) }
            if isInstitution(i) { removeInstitution(i) }
            if tokens[i].hasDigit { removePostalCode(i) }
        }
    }

    /// A month goes with the numbers on both sides: "5 May 2004", "May 5th".
    private mutating func removeDate(_ i: Int) {
        func isDay(_ k: Int) -> Bool {
            tokens[k].shape == .number && text(k).count <= 4 || tokens[k].shape == .mixed && tokens[k].folded.count <= 4 && text(k).first! < 0x3A
        }
        var hasNumber = false
        var k = i
        while k > 0, !tokens[k].gap.contains(.newline), isDay(k - 1), i - k <= 1 {
            remove(k - 1)
            hasNumber = true
            k -= 1
        }
        k = i
        while k + 1 < tokens.count, !tokens[k + 1].gap.contains(.newline), isDay(k + 1), k + 1 - i <= 3 {
            remove(k + 1)
            hasNumber = true
            k += 1
        }
        if hasNumber { remove(i) }
    }

    private mutating func removeTime(_ i: Int) {
        guard let previous = before(i), tokens[previous].shape == .number, tokens[previous].verdict != .kept else { return }
        remove(previous)
        remove(i)
        if let earlier = before(previous), tokens[earlier].shape == .number { remove(earlier) }
    }

    /// "MRN 1234", "room B12", "Tel. 089/123 45", "Acc# 12-345".
    private mutating func removeIdentifier(after i: Int) {
        var k = i + 1
        if k < tokens.count, isEqual(k, "no") || isEqual(k, "nr") || isEqual(k, "number") || isEqual(k, "is") { k += 1 }
        let first = k
        while k < tokens.count, k - first < 8, !tokens[k].gap.contains(.newline), k == first || !tokens[k].gap.contains(.stop) {
            let joins = k > first && !tokens[k].gap.isEmpty && tokens[k].gap.joins && !tokens[k].gap.contains(.underscore)
            guard (k == first ? tokens[k].hasDigit : tokens[k].shape == .number && !tokens[k].gap.contains(.underscore)) || joins || k == first && tokens[k].isLetter && !gapAfter(k).contains(.space) else { return }
            if k > first, !joins, hasUnit(k) { return }
            remove(k)
            k += 1
        }
    }

    /// "12 Old Mill Road, Reading", "Hope Street 5": the words before, the number on either side, a town after a comma.
    private mutating func removeStreet(before i: Int) {
        // "air-crescent sign" is no street, nor is a small "place" after a capital.
        guard let last = before(i), tokens[i].gap.contains(.space), !hasBothCases || tokens[i].hasCapital || tokens[last].isGone
        else { return }
        var first = last
        var number: Int?
        for k in stride(from: last, through: max(0, last - 3), by: -1) {
            if !tokens[k + 1].gap.isDisjoint(with: [.stop, .comma, .colon]) { break }
            if tokens[k].hasDigit { number = k; break }
            first = k
        }
        let hasNumberAfter = after(i).map { tokens[$0].shape == .number && tokens[$0].gap.isOnlySpace } ?? false
        let isSure = tokens[i].roles.contains(.sureStreet) && tokens[last].shape == .word
        // Neither a measure nor a word of the field, "3 chest CT", makes a street of a word that is rarely one.
        let hasNumber = number.map({ isHouseNumber($0) }) ?? false || hasNumberAfter
        guard isSure || hasNumber && tokens[last].shape == .word && isNamelike(last) else { return }
        if let number, isHouseNumber(number) {
            for k in number..<i { remove(k) }
        } else {
            for k in stride(from: last, through: first, by: -1) {
                guard k == last || isNamelike(k) || hasBothCases && tokens[k].casing == .capitalised else { break }
                remove(k)
            }
        }
        remove(i)
        removeRestOfAddress(after: i)
    }

    /// "Lindenstrasse", "Goethestr.": a number follows.
    private func isStreet(_ i: Int) -> Bool {
        guard i + 1 < tokens.count, tokens[i + 1].hasDigit, text(i).count > 5 else { return false }
        return ["strasse", "str", "platz", "allee", "gasse", "weg", "laan", "straat", "vej", "gatan"].contains {
            text(i).suffix($0.utf8.count).elementsEqual($0.utf8)
        }
    }

    private func isHouseNumber(_ k: Int) -> Bool {
        guard tokens[k].folded.count <= 5, !(after(k).map { tokens[$0].roles.contains(.unit) } ?? false) else { return false }
        return tokens[k].shape == .number ? !text(k).contains(0x2E) : text(k).first! < 0x3A && !CompoundWord(text(k)).isTechnical
    }

    private mutating func removeStreet(after i: Int) {
        guard tokens[i].verdict != .kept || tokens[i].hasCapital, var k = after(i), tokens[k].gap.isOnlySpace else { return }
        // "via catheter" is no street; "Via Roma 3" is.
        guard isNamelike(k) || tokens[k].kind == .particle || tokens[i].verdict == .unknown && tokens[k].hasCapital else { return }
        remove(i)
        let start = k
        while k - start < 5, k < tokens.count, !tokens[k].gap.contains(.stop), !tokens[k].gap.contains(.comma) {
            remove(k)
            if tokens[k].hasDigit { break }
            k += 1
        }
        removeRestOfAddress(after: min(k, tokens.count - 1))
    }

    /// House number, then town and postal code after a comma.
    private mutating func removeRestOfAddress(after i: Int) {
        var k = i
        while let next = after(k), next - i <= 6 {
            let isTown = tokens[next].shape == .word && tokens[next].hasCapital && (isNamelike(next) || tokens[next].gap.contains(.comma))
            guard tokens[next].hasDigit || tokens[next].isGone || isTown else { return }
            if !isTown, !tokens[next].isGone, after(next).map({ tokens[$0].roles.contains(.unit) }) ?? false { return }
            remove(next)
            k = next
        }
    }

    /// "St. Mary's", "San Diego": with what follows, when that is no word.
    private mutating func removeSaint(_ i: Int) {
        guard let next = after(i), tokens[next].shape == .word, gapAfter(i).isDisjoint(with: [.hyphen, .comma, .colon]) || !tokens[next].kind.isWord
        else { return }
        let isSaint = gapAfter(i).contains(.dot) || tokens[next].kind != .plain && tokens[next].kind != .particle && tokens[next].kind != .surname
        guard isSaint, isNamelike(next) || gapAfter(i).contains(.dot) && tokens[next].hasCapital else { return }
        remove(i)
        if tokens[next].kind.isWord { remove(next) }
    }

    private mutating func removeTown(after i: Int) {
        guard var k = after(i), isEqual(k, "in") || isEqual(k, "at") || isEqual(k, "of") || isEqual(k, "to") || isEqual(k, "from") || isEqual(k, "from"),
            after(k) != nil
        else { return }
        k += 1
        for _ in 0..<3 {
            guard k < tokens.count, !tokens[k].gap.contains(.stop), isNamelike(k) || hasBothCases && tokens[k].casing == .capitalised else { return }
            remove(k)
            k += 1
        }
    }

    private func isInstitution(_ i: Int) -> Bool {
        let roles = tokens[i].roles
        if roles.contains(.institution) { return true }
        guard roles.contains(.institutionEnd), let previous = before(i) else { return false }
        return tokens[previous].roles.contains(.institutionPart) && tokens[i].gap.isOnlySpace
    }

    /// "Mercy Hospital", "St. Mary's Medical Center", "University Hospital of Essen"; "hospital course" stays.
    private mutating func removeInstitution(_ i: Int) {
        var k = i
        var hasName = false
        for count in 0..<6 {
            guard let previous = before(k), tokens[k].gap.isDisjoint(with: [.comma, .colon]), tokens[previous].shape != .number else { break }
            let token = tokens[previous]
            let isCapital = hasBothCases && token.casing == .capitalised
            let isLink = isEqual(previous, "of") || isEqual(previous, "for") || isEqual(previous, "and")
            let belongs = isNamelike(previous) || isCapital && (count == 0 || token.kind != .plain) || token.roles.contains(.institution)
                || token.roles.contains(.institutionPart) && count == 0
            guard belongs || isLink && before(previous).map({ tokens[$0].roles.contains(.institution) || isNamelike($0) }) ?? false
            else { break }
            if belongs { hasName = true }
            remove(previous)
            k = previous
        }
        var last = i
        if let link = after(i), isEqual(link, "of") || isEqual(link, "for") || tokens[link].kind == .particle, let name = after(link),
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

    /// "IL 62704", "SW1A 2AA", "H3A 2B4", "1017 AB".
    private mutating func removePostalCode(_ i: Int) {
        guard let previous = before(i), tokens[i].gap.contains(.space) else { return }
        let code = text(i)
        if tokens[i].shape == .number, code.count >= 5, tokens[previous].shape == .word, tokens[previous].folded.count == 2,
            tokens[previous].casing == .upper
        { remove(previous) }
        if tokens[i].shape == .number, code.count == 5, !code.contains(0x2E), let town = after(i), tokens[town].gap == .space,
            isNamelike(town)
        { remove(town) }
        guard code.count == 3, tokens[i].shape == .mixed, code.first! < 0x3A, code.last! >= 0x61 else { return }
        let isBritish = code.dropFirst().allSatisfy { $0 >= 0x61 }
        let isCanadian = code.dropFirst().first! >= 0x61 ? false : true
        let outward = text(previous)
        guard tokens[previous].shape == .mixed, outward.count <= 4, outward.first! >= 0x61 else { return }
        let isCode = isBritish && !CompoundWord(code).isMeasure || isCanadian || code.dropFirst().first! >= 0x61 && outward.count == 3 && outward.last! >= 0x61
        if isCode { remove(previous); remove(i) }
    }
}
