extension TokenizedText {
    /// Numbers that a unit, a label or a form makes measures stay; dates, times, telephone numbers and the like go.
    ///
    /// What is left `bare` is decided by `removeBareNumbers`, when everything else is.
    mutating func decideNumbers() {
        removeChains()
        keepIsotopes()
        for i in tokens.indices.reversed() where tokens[i].shape == .number && tokens[i].verdict == .bare {
            let number = Number(text(i))
            if number.isNoMeasure || isOld(i, number) {
                remove(i)
            } else if isMeasure(i, number) {
                tokens[i].verdict = .kept
                keepUnit(i)
            } else if number.hasFraction ? !isPlainDecimal(i, number) : number.digits > 2 {
                remove(i)
            }
        }
    }

    /// The unit of a measure stays though it is a word of no list ("HU"); what a percent sign stands before is none.
    private mutating func keepUnit(_ i: Int) {
        guard hasUnit(i), let next = after(i), tokens[next].verdict == .unknown, tokens[next].roles.contains(.unit),
            !tokens[next].gap.contains(.percent), tokens[next].casing != .capitalised
        else { return }
        tokens[next].verdict = .kept
    }

    /// Bare numbers stay among kept words: "2 lesions", "segment 4a"; not beside what went, nor beside each other.
    mutating func removeBareNumbers() {
        let gone = tokens.indices.map { i in
            guard tokens[i].verdict == .bare else { return false }
            let neighbours = [before(i), after(i)].compactMap { $0 }
            if neighbours.contains(where: { tokens[$0].isGone || tokens[$0].verdict == .bare }) { return true }
            return neighbours.isEmpty && !isListMark(i)
        }
        for i in tokens.indices where tokens[i].verdict == .bare {
            if gone[i] { remove(i) } else { tokens[i].verdict = .kept }
        }
    }

    /// "1. Nodule": a number that starts a sentence.
    private func isListMark(_ i: Int) -> Bool {
        guard text(i).count <= 2, i + 1 < tokens.count else { return false }
        return gapAfter(i).contains(.dot) && !tokens[i + 1].isGone
    }

    /// Three or more numbers joined by signs ("12-05-2004", "089/1234-56") or two by a slash, and a plus before a
    /// number.
    private mutating func removeChains() {
        var start = 0
        while start < tokens.count {
            var end = start
            while end + 1 < tokens.count, tokens[end].shape == .number, tokens[end + 1].shape == .number,
                joins(tokens[end + 1].gap)
            { end += 1 }
            let isFraction = end == start + 1 && tokens[end].gap.contains(.slash) && !isGraded(start)
            let isRange = end == start + 1 && !isFraction
            if end > start, !isRange {
                for i in start...end { remove(i) }
            } else if isRange, tokens[start].verdict == .bare, !isRangeOfMeasures(start, end) {
                for i in start...end { remove(i) }
            }
            if tokens[start].shape == .number, tokens[start].gap.contains(.plus), !tokens[start].gap.contains(.space),
                text(start).count > 1, !hasUnit(end)
            {
                remove(start)
            }
            start = end + 1
        }
    }

    /// "grade 3/4": what else is a fraction may be a day.
    private func isGraded(_ i: Int) -> Bool {
        guard let previous = before(i) else { return false }
        return ["grade", "stage", "score"].contains { text(previous).elementsEqual($0.utf8) }
    }

    private func joins(_ gap: Gap) -> Bool {
        !gap.isDisjoint(with: [.hyphen, .slash, .dot]) && gap.isDisjoint(with: [.space, .stop, .underscore, .times])
    }

    /// "3-5 mm", "images 12-15", "2-3 lesions": rising, with a unit, a label or a word after it.
    private func isRangeOfMeasures(_ start: Int, _ end: Int) -> Bool {
        let (low, high) = (Number(text(start)), Number(text(end)))
        guard !low.isNoMeasure, !high.isNoMeasure else { return false }
        if hasUnit(end) || isLabelled(start) || before(start).map({ tokens[$0].shape == .mixed }) ?? false {
            return true
        }
        guard low.digits == 1, high.digits == 1, low.value < high.value, let next = after(end) else { return false }
        return tokens[next].kind == .plain
    }

    private func isMeasure(_ i: Int, _ number: Number) -> Bool {
        if hasUnit(i) || isLabelled(i) || isSide(i) { return true }
        // "t2_tse_tra_320": the matrix.
        if tokens[i].gap == .underscore, number.digits == 3, !number.hasFraction, number.value % 32 == 0 { return true }
        if let next = after(i), tokens[next].gap.contains(.hyphen), tokens[next].gap.joins {
            // "3-5 mm", "3-5mm": the unit is after the second.
            if tokens[next].hasDigit, tokens[next].verdict == .kept { return true }
        }
        if let previous = before(i), tokens[i].gap == .hyphen || tokens[i].gap == .slash {
            // "L4-5", "C5/6", "images 12-15".
            if tokens[previous].shape == .mixed, number.digits <= 2, CompoundWord(text(previous)).isLevel {
                return true
            }
            if tokens[previous].shape == .number, isLabelled(previous), number.digits <= 4 { return true }
        }
        return false
    }

    /// One side of "3 x 4 x 5", "256×256".
    private func isSide(_ i: Int) -> Bool {
        func isNumber(_ k: Int) -> Bool { tokens.indices.contains(k) && tokens[k].hasDigit }
        guard Number(text(i)).digits <= 4 else { return false }
        if let next = after(i) {
            if tokens[next].gap.contains(.times) && isNumber(next) || isEqual(next, "x") && isNumber(next + 1) {
                return true
            }
        }
        if let previous = before(i) {
            return tokens[i].gap.contains(.times) && isNumber(previous)
                || isEqual(previous, "x") && isNumber(previous - 1)
        }
        return false
    }

    func hasUnit(_ i: Int) -> Bool {
        let number = Number(text(i))
        if gapAfter(i).contains(.percent) { return number.digits <= 3 }
        guard let next = after(i), tokens[next].shape == .word, tokens[next].verdict != .removed else { return false }
        let gap = tokens[next].gap
        guard gap.isOnlySpace || gap == .hyphen || gap == .underscore else { return false }
        if tokens[next].roles.contains(.age), number.value <= 89, number.digits <= 2 { return true }
        guard tokens[next].roles.contains(.unit) else { return false }
        if isEqual(next, "h") { return number.value <= 6 || [12, 24, 48, 72].contains(number.value) }
        if number.isYear { return isEqual(next, "ms") }
        return number.digits <= (tokens[next].folded.count <= 3 ? 4 : 3)
    }

    private func isLabelled(_ i: Int) -> Bool {
        guard let previous = before(i) else { return false }
        // "b=0,500,1000"
        if tokens[previous].shape == .number, tokens[i].gap == .comma, tokens[previous].verdict == .bare {
            return text(i).count <= 4 && isLabelled(previous)
        }
        guard tokens[previous].roles.contains(.label), tokens[previous].verdict == .kept || tokens[previous].isLetter
        else { return false }
        let gap = tokens[i].gap
        guard gap.isOnlySpace || gap.isDisjoint(with: [.comma, .slash, .stop, .newline, .plus]) else { return false }
        let number = Number(text(i))
        return number.isYear ? tokens[previous].folded.count <= 3 : number.digits <= 4
    }

    /// "Tc-99m", "F-18": symbols are no words of their own, and the masses too long for bare numbers.
    private mutating func keepIsotopes() {
        let symbols = [
            "tc", "f", "ga", "lu", "tl", "xe", "zr", "cu", "rb", "sm", "kr", "in", "i", "y", "c", "n", "o", "ra", "ac",
            "pb",
        ]
        let masses = [
            11, 13, 15, 18, 64, 67, 68, 81, 82, 89, 90, 99, 111, 123, 124, 125, 131, 133, 153, 177, 201, 212, 223, 225,
        ]
        for i in tokens.indices.dropFirst()
        where tokens[i].hasDigit && tokens[i].verdict != .removed && tokens[i].gap == .hyphen {
            let (symbol, mass) = (text(i - 1), text(i))
            guard mass.count <= 4, masses.contains(Number(mass).value),
                tokens[i].shape == .number || mass.last == UInt8(ascii: "m"),
                tokens[i - 1].verdict != .removed, symbols.contains(where: { symbol.elementsEqual($0.utf8) })
            else { continue }
            tokens[i - 1].verdict = .kept
            tokens[i].verdict = .kept
        }
    }

    /// An age above 89, or a number that could be one.
    private func isOld(_ i: Int, _ number: Number) -> Bool {
        if let next = after(i), tokens[next].roles.contains(.unit), Vocabulary.isOldAge(number.value, text(next)) {
            return true
        }
        guard number.value > 89, number.value < 130 else { return false }
        let isNamed = [before(i), after(i)].compactMap { $0 }.contains { tokens[$0].roles.contains(.age) }
        return isNamed && !(after(i).map { tokens[$0].roles.contains(.unit) } ?? false)
    }

    /// A decimal that is no day and month, such as "1.5" or "0.625", and no time, such as "14.30".
    private func isPlainDecimal(_ i: Int, _ number: Number) -> Bool {
        guard let fraction = number.fraction, number.digits <= 2,
            !gapAfter(i).contains(.dot) || gapAfter(i).contains(.stop)
        else { return false }
        if let previous = before(i), tokens[previous].kind == .particle || tokens[previous].roles.contains(.weakPerson)
        {
            return false
        }
        guard text(i).count - number.digits - 1 <= 3 else { return false }
        return number.value == 0 || number.value > 31 || number.value <= 9 && (text(i).count == 3 || fraction > 12)
    }
}

/// A token of digits and decimal signs.
struct Number {
    /// Digits before the sign, their value (of nine at most), and the value of those after it.
    let digits: Int
    let value: Int
    let fraction: Int?
    private let signs: Int
    private let hasColon: Bool
    private let startsWithZero: Bool

    init(_ text: ArraySlice<UInt8>) {
        func value(_ digits: some Sequence<UInt8>) -> Int { digits.prefix(9).reduce(0) { $0 * 10 + Int($1 & 15) } }
        let whole = text.prefix { $0 >= 0x30 && $0 <= 0x39 }
        digits = whole.count
        self.value = value(whole)
        fraction =
            whole.count < text.count ? value(text.dropFirst(whole.count + 1).prefix { $0 >= 0x30 && $0 <= 0x39 }) : nil
        signs = text.filter { $0 == 0x2E || $0 == 0x3A }.count
        hasColon = text.contains(0x3A)
        startsWithZero = whole.first == 0x30
    }

    var hasFraction: Bool { fraction != nil }
    var isYear: Bool { digits == 4 && value >= 1900 && value < 2100 && fraction == nil }
    /// Times, UIDs, versions, telephone numbers: no unit makes a measure of them.
    var isNoMeasure: Bool { hasColon || signs > 1 || digits > 4 || startsWithZero && digits > 2 }
}
