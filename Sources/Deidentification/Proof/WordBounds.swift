/// Where words begin and end in UTF-8; bytes that are none are taken for letters of another character set.
extension UnsafeBufferPointer<UInt8> {
    private enum Sign {
        case letter, digit, other
        /// Chinese and Japanese characters, between which no space stands: each may begin a word.
        case ideograph
    }

    /// As many bytes beside a text as `isWord` looks at: eight digits and a character.
    static var wordContext: Int { 12 }

    /// Whether no letter or digit beside a range makes one word or number of both. Digits beside letters do not:
    /// "Anna" is a word of "Anna2" and of "2_Anna", and none of "T1Anna2".
    func isWord(_ range: Range<Int>) -> Bool {
        var (start, end) = (range.lowerBound, range.upperBound)
        let (first, last) = (sign(at: start).sign, sign(before: end))
        if first != .digit {
            while start > 0, range.lowerBound - start < 8, sign(before: start) == .digit { start -= 1 }
        } else if start > 0, self[start - 1] == UInt8(ascii: ".") {
            return false
        }
        if last != .digit {
            while end < count, end - range.upperBound < 8, sign(at: end).sign == .digit { end += 1 }
        } else if end < count, self[end] == UInt8(ascii: ".") {
            return false
        }
        return !(start > 0 && Self.areJoined(first, sign(before: start)))
            && !(end < count && Self.areJoined(last, sign(at: end).sign))
    }

    private static func areJoined(_ own: Sign, _ other: Sign) -> Bool {
        (own == .letter || own == .digit) && (other == .letter || other == .digit)
    }

    /// Whether one of the runs of letters and digits passes a test.
    func containsWord(where test: (Self) -> Bool) -> Bool {
        var (start, index) = (0, 0)
        while index < count {
            let (sign, length) = sign(at: index)
            if sign == .other {
                if start < index, test(Self(rebasing: self[start..<index])) { return true }
                start = index + length
            }
            index += length
        }
        return start < count && test(Self(rebasing: self[start...]))
    }

    /// Whether one of its words is joined to another by a mark: "T2_HIP".
    func hasCompound(with word: Self) -> Bool {
        guard let own = baseAddress, let start = word.baseAddress.map({ $0 - own }) else { return false }
        let end = start + word.count
        let isMark = { (index: Int) in indices.contains(index) && "_-/.+".utf8.contains(self[index]) }
        return isMark(start - 1) || isMark(end)
    }

    /// Runs of letters and digits.
    var words: [Self] {
        var words: [Self] = []
        _ = containsWord {
            words.append($0)
            return false
        }
        return words
    }

    /// Without the digits at both ends: the name in "2Lee1".
    var withoutOuterDigits: Self {
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        guard let first = firstIndex(where: { !isDigit($0) }), let last = lastIndex(where: { !isDigit($0) }) else {
            return self
        }
        return Self(rebasing: self[first...last])
    }

    private func sign(before end: Int) -> Sign {
        var start = end - 1
        while start > 0, end - start < 4, self[start] & 0xC0 == 0x80 { start -= 1 }
        let (sign, length) = sign(at: start)
        return start + length == end ? sign : .letter
    }

    private func sign(at index: Int) -> (sign: Sign, length: Int) {
        let byte = self[index]
        switch byte {
        case 0x30...0x39: return (.digit, 1)
        case 0x41...0x5A, 0x61...0x7A: return (.letter, 1)
        case 0..<0x80: return (.other, 1)
        default: break
        }
        let length = byte < 0xC2 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
        guard length > 1, index + length <= count else { return (.letter, 1) }
        var scalar = UInt32(byte) & (0x7F >> UInt32(length))
        for next in self[index + 1..<index + length] {
            guard next & 0xC0 == 0x80 else { return (.letter, 1) }
            scalar = scalar << 6 | UInt32(next & 0x3F)
        }
        guard let properties = Unicode.Scalar(scalar)?.properties else { return (.letter, 1) }
        if properties.isIdeographic { return (.ideograph, length) }
        // A mark belongs to the letter before it.
        let isLetter = properties.isAlphabetic || properties.generalCategory == .nonspacingMark
        return (isLetter ? .letter : .other, length)
    }
}
