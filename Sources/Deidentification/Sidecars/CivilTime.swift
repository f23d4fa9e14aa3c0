/// Dates and times as sidecars and tables spell them: ISO 8601 with or without separators, DICOM's DA, TM and DT.
enum CivilTime {
    /// A date with or without a time of day and offset, moved; its spelling stays.
    ///
    /// - Returns: nil for what is none.
    static func moved(_ text: String, by shift: DateShift) -> String? {
        guard let match = text.wholeMatch(of: date) else { return nil }
        let (year, month, day) = (match.year, match.month, match.day)
        guard let moved = shift.date("\(year)\(month)\(day)") else { return nil }
        let digits = Array(moved)
        let parts = [String(digits[0..<4]), String(digits[4..<6]), String(digits[6..<8])]
        return parts.joined(separator: String(match.separator)) + match.time
    }

    static func isDate(_ text: String) -> Bool { moved(text, by: DateShift(days: 0)) != nil }

    /// YYYYMMDD of a date, for every other spelling of it.
    static func digits(_ text: String) -> String? {
        text.wholeMatch(of: date).map { "\($0.year)\($0.month)\($0.day)" }
    }

    private nonisolated(unsafe) static let date =
        #/(?<year>\d{4})(?<separator>[-./]?)(?<month>\d{2})\k<separator>(?<day>\d{2})(?<time>([T ]?\d{2}(:?\d{2}(:?\d{2}(\.\d{1,9})?)?)?(Z|[+-]\d{2}:?\d{2})?)?)/#
}
