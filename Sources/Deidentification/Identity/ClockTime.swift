/// Times of day, which a shift of whole days leaves as they are. What only looks like one may be a true date.
enum ClockTime {
    /// A value of TM (PS3.5 6.2): HH[MM[SS[.FFFFFF]]]; also HH:MM[:SS[.FFFFFF]], as ACR-NEMA and sidecars have it.
    static func isTime(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let clock = parts.first, let fields = fields(clock), (1...3).contains(fields.count) else { return false }
        guard zip(fields, [23, 59, 60]).allSatisfy({ $0 <= $1 }) else { return false }
        guard parts.count == 2 else { return true }
        return fields.count == 3 && (1...6).contains(parts[1].count) && parts[1].allSatisfy(\.isASCIIDigit)
    }

    private static func fields(_ clock: some StringProtocol) -> [Int]? {
        let fields: [Int?]
        if clock.contains(":") {
            let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
            fields = parts.enumerated().map { place, part in
                (place == 0 ? 1...2 : 2...2).contains(part.count) ? number(part) : nil
            }
        } else {
            let digits = Array(clock)
            guard digits.count.isMultiple(of: 2) else { return nil }
            fields = stride(from: 0, to: digits.count, by: 2).map { number(String(digits[$0..<$0 + 2])) }
        }
        return fields.contains(nil) ? nil : fields.compactMap { $0 }
    }

    private static func number(_ text: some StringProtocol) -> Int? {
        text.allSatisfy(\.isASCIIDigit) ? Int(text) : nil
    }

    /// Timezone Offset From UTC (PS3.3 C.12.1.1.8): a sign, hours and minutes.
    static func isOffset(_ text: some StringProtocol) -> Bool {
        guard let sign = text.first, "+-".contains(sign), text.count == 5, let value = number(text.dropFirst()) else {
            return false
        }
        return value <= 1400 && value % 100 < 60
    }
}
