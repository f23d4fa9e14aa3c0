extension NeedleSet {
    /// Whether a decimal number is an identifier, or a true date: its digits before the point are those of one ("20200317"),
    /// or as a count of seconds or milliseconds since 1970 it falls on one.
    ///
    /// Shorter ones meet an identifier by chance: numbers that something was given need six digits, measured and counted
    /// ones eight.
    ///
    /// - Parameters:
    ///   - text: ASCII, as DS, IS and JSON write numbers; anything else is none.
    ///   - isGiven: as Series Number is.
    func identify(number text: some Collection<UInt8>, isGiven: Bool) -> Bool {
        guard text.count >= 6 || text.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return false }
        var digits = Array(text.drop { "+- 0".utf8.contains($0) }.prefix { (0x30...0x39).contains($0) })
        if text.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) {
            let value = Double(String(decoding: text, as: UTF8.self).split(separator: " ").joined()) ?? 0
            digits = abs(value) < 1e15 ? Array(String(Int(abs(value))).utf8) : []
        }
        guard digits.count >= (isGiven ? 6 : 8) else { return false }
        // "00471123" is the identifier of whom the number 471123 is.
        return (0...6).contains { isIdentity([UInt8](repeating: UInt8(ascii: "0"), count: $0) + digits) }
            || Self.days(ofUnixTime: digits).contains(where: isIdentity)
    }

    /// The same of values of FD, in whichever order of bytes: in the other one they are no such numbers.
    func identify(doubles bytes: ArraySlice<UInt8>) -> Bool {
        // Arrays are measured, and long.
        guard bytes.count <= 64, bytes.count % 8 == 0 else { return false }
        return stride(from: bytes.startIndex, to: bytes.endIndex, by: 8).contains { start in
            let pattern = bytes[start..<start + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return [pattern, pattern.byteSwapped].contains { bits in
                let value = abs(Double(bitPattern: bits))
                return value >= 1e7 && value < 1e15 && identify(number: String(Int(value)).utf8, isGiven: false)
            }
        }
    }

    private func isIdentity(_ digits: [UInt8]) -> Bool {
        guard let needle = needle(of: digits) else { return false }
        return needle.kind == .identity || needle.kind == .date && digits.count == 8
    }

    /// YYYYMMDD of a moment between 2001 and 2033, by clocks of all zones.
    private static func days(ofUnixTime digits: [UInt8]) -> [[UInt8]] {
        guard digits.count == 10 || digits.count == 13, let first = digits.first, first == UInt8(ascii: "1") else {
            return []
        }
        let day = digits.prefix(10).reduce(0) { $0 * 10 + Int($1 & 15) } / 86400
        return (-1...1).compactMap { DateShift(days: day + $0).date("19700101").map { Array($0.utf8) } }
    }
}
