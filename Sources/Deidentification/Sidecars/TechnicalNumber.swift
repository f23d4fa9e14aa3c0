/// Numbers as technique has them, told from dates and telephone numbers that stand in their place.
enum TechnicalNumber {
    /// Times, sizes, factors: no key of technique needs more than seven digits before the point. What counts seconds
    /// since 1970 would tell the true date.
    ///
    /// - Parameter limit: that no number of the kind reaches.
    static func isMeasure(_ text: String, below limit: Double = 1e7) -> Bool {
        isQuantity(text) && (Double(text).map { $0.isNaN || abs($0) < limit } ?? false)
    }

    /// Of any size, as activities in Bq, but no date and no telephone number.
    static func isQuantity(_ text: String) -> Bool {
        guard text.utf8.count <= 32, let value = Double(text) else { return false }
        guard text.allSatisfy({ $0.isASCIIDigit || "+-.eE".contains($0) }) else { return value.isNaN }
        // "2.0200317e7" is a date, too.
        let plain = text.contains { "eE".contains($0) } && abs(value) < 1e8 ? String(Int(abs(value))) : text
        let digits = plain.drop { "+-".contains($0) }.prefix { $0.isASCIIDigit }
        guard digits.count >= 7 else { return true }
        return digits.count <= 10 && !text.hasPrefix("+") && !digits.hasPrefix("0") && !isDate(digits)
    }

    /// Eight digits that are a day of these centuries, in the orders in which people write it.
    private static func isDate(_ digits: Substring) -> Bool {
        guard digits.count == 8 else { return false }
        let (first, last) = (digits.prefix(4), digits.suffix(4))
        return [digits, last + first.suffix(2) + first.prefix(2), last + first].contains { text in
            ("1900"..<"2100").contains(text.prefix(4)) && DateShift(days: 0).date(String(text)) != nil
        }
    }
}
