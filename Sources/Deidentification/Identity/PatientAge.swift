import DataSets

/// Ages over 89 years, which single people out, become 90.
enum PatientAge {
    /// A value of AS (PS3.5 6.2), also without its zeros or unit, and in small letters.
    ///
    /// - Returns: the age as it stands, or the one that stands for it; nil for what is no age.
    static func capped(_ text: String) -> String? {
        let text = text.split { $0 == " " || $0 == "\0" }.joined(separator: " ")
        let unit = text.last.flatMap { inYear[$0.uppercased()] }
        let digits = unit == nil ? text[...] : text.dropLast()
        guard (1...5).contains(digits.count), digits.allSatisfy(\.isASCIIDigit), let count = Double(digits) else {
            return nil
        }
        return count / (unit ?? 1) < 90 ? text : "090Y"
    }

    private static let inYear: [String: Double] = ["Y": 1, "M": 12, "W": 365.25 / 7, "D": 365.25]

    /// An item of Measured Value Sequence that holds an age (TID 1007 "Subject Context, Patient", PS3.16).
    static func capped(measured item: DataSet) -> DataSet {
        let unit = item[.measurementUnitsCodeSequence]?.items?.first?.text(.codeValue) ?? ""
        let count = inYearByUCUM[unit] ?? 1
        let value = item.text(.numericValue)
        guard let age = Double(value), age / count < 90 else {
            var capped = item
            // The same number in other representations.
            for tag in [Tag.floatingPointValue, .rationalNumerator, .rationalDenominator] { capped.remove(tag) }
            if item[.numericValue]?.isEmpty == false {
                capped.set(DataElement(.numericValue, .DS, text: String(Int((90 * count).rounded(.up)))))
            }
            return capped
        }
        return item
    }

    private static let inYearByUCUM: [String: Double] = ["a": 1, "mo": 12, "wk": 365.25 / 7, "d": 365.25]
}
