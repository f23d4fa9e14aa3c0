extension TokenizedText {
    /// "12 Old Mill Road, Reading", "Hope Street 5": the words before, the number on either side, a town after a comma.
    mutating func removeStreet(before i: Int) {
        // "air-crescent sign" is no street, nor is a small "place" after a capital.
        guard let last = before(i), tokens[i].gap.contains(.space),
            !hasBothCases || tokens[i].hasCapital || tokens[last].isGone
        else { return }
        var first = last
        var number: Int?
        for k in stride(from: last, through: max(0, last - 3), by: -1) {
            if !tokens[k + 1].gap.isDisjoint(with: [.stop, .comma, .colon]) { break }
            if tokens[k].hasDigit {
                number = k
                break
            }
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
    func isStreet(_ i: Int) -> Bool {
        guard i + 1 < tokens.count, tokens[i + 1].hasDigit, text(i).count > 5 else { return false }
        return ["strasse", "str", "platz", "allee", "gasse", "weg", "laan", "straat", "vej", "gatan"].contains {
            text(i).suffix($0.utf8.count).elementsEqual($0.utf8)
        }
    }

    private func isHouseNumber(_ k: Int) -> Bool {
        guard tokens[k].folded.count <= 5, !hasUnit(k) else {
            return false
        }
        return tokens[k].shape == .number
            ? !text(k).contains(0x2E) : text(k).first! < 0x3A && !CompoundWord(text(k)).isTechnical
    }

    /// "Rue de la Paix 12", "Via Roma 3".
    mutating func removeStreet(after i: Int) {
        guard tokens[i].verdict != .kept || tokens[i].hasCapital, var k = after(i), tokens[k].gap.isOnlySpace else {
            return
        }
        // "via catheter" is no street; "Via Roma 3" is.
        guard isNamelike(k) || tokens[k].kind == .particle || tokens[i].verdict == .unknown && tokens[k].hasCapital
        else { return }
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
    mutating func removeRestOfAddress(after i: Int) {
        var k = i
        while let next = after(k), next - i <= 6 {
            let isTown =
                tokens[next].shape == .word && tokens[next].hasCapital
                && (isNamelike(next) || tokens[next].gap.contains(.comma))
            guard tokens[next].hasDigit || tokens[next].isGone || isTown else { return }
            if !isTown, !tokens[next].isGone, after(next).map({ tokens[$0].roles.contains(.unit) }) ?? false { return }
            remove(next)
            k = next
        }
    }

    /// "IL 62704", "80331 Bath", "SW1A 2AA", "H3A 2B4".
    mutating func removePostalCode(_ i: Int) {
        guard let previous = before(i), tokens[i].gap.contains(.space) else { return }
        let code = text(i)
        // "Boston, MA 02115", but not "CT 98765".
        if tokens[i].shape == .number, code.count == 5, tokens[previous].shape == .word,
            tokens[previous].folded.count == 2,
            tokens[previous].casing == .upper,
            tokens[previous].gap.contains(.comma) || before(previous).map({ tokens[$0].isGone }) ?? false
        {
            remove(previous)
        }
        if tokens[i].shape == .number, code.count == 5, !code.contains(0x2E), let town = after(i),
            tokens[town].gap == .space,
            isNamelike(town)
        {
            remove(town)
        }
        let outward = text(previous)
        guard code.count == 3, tokens[i].shape == .mixed, tokens[previous].shape == .mixed else { return }
        func isLetter(_ byte: UInt8) -> Bool { byte >= 0x61 }
        let isCanadian = outward.map(isLetter) == [true, false, true] && code.map(isLetter) == [false, true, false]
        let isBritish =
            outward.count <= 4 && isLetter(outward.first!) && code.map(isLetter) == [false, true, true]
            && !CompoundWord(code).isMeasure
        if isBritish || isCanadian {
            remove(previous)
            remove(i)
        }
    }
}
