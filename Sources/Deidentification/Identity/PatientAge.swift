import DataSets

/// Ages over 89 years, which single people out, become 90.
enum PatientAge {
    /// A value of AS (PS3.5 6.2), also without its zeros or unit, and in small letters.
    ///
    /// - Returns: the age as it stands, or the one that stands for it; nil for what is no age.
    static func capped(_ text: String) -> String? {
        let text = text.split { $0 == " " || $0 == "\0" }.joined(separator: " ")
        let digits = text.last.map { inYear[$0.uppercased()] != nil } == true ? text.dropLast() : text[...]
        guard (1...5).contains(digits.count), digits.allSatisfy(\.isASCIIDigit), let years = years(text) else {
            return nil
        }
        return years < 90 ? text : "090Y"
    }

    /// The years of a value of AS; a number alone, as sidecars and tables have it, is of years.
    static func years(_ text: String) -> Double? {
        let unit = text.last.flatMap { inYear[$0.uppercased()] }
        guard let count = Double(unit == nil ? text[...] : text.dropLast()), count.isFinite, count >= 0 else {
            return nil
        }
        return count / (unit ?? 1)
    }

    private static let inYear: [String: Double] = ["Y": 1, "M": 12, "W": 365.25 / 7, "D": 365.25]

    /// An item of Measured Value Sequence that holds an age (TID 1007 "Subject Context, Patient", PS3.16).
    static func capped(measured item: DataSet) -> DataSet {
        let count = inYearByUCUM[unit(of: item)] ?? 1
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

    /// Whether the unit of such an item is years, months, weeks or days.
    static func isInPartsOfYears(_ item: DataSet) -> Bool { inYearByUCUM[unit(of: item)] != nil }

    private static func unit(of item: DataSet) -> String {
        item[.measurementUnitsCodeSequence]?.items?.first?.text(.codeValue) ?? ""
    }

    private static let inYearByUCUM: [String: Double] = ["a": 1, "mo": 12, "wk": 365.25 / 7, "d": 365.25]
}
