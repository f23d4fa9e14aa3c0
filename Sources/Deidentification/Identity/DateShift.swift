import DataSets

/// Moves dates by a whole number of days, so that all intervals of a patient stay as they are (PS3.15 E.3.6).
struct DateShift: Sendable {
    let days: Int
    /// Whether dates that stand for unknown ones are left out instead of moved.
    private let omitsStandIns: Bool

    /// Any number of days, for every date of the calendar.
    init(days: Int) { (self.days, omitsStandIns) = (days, false) }

    /// A patient's secret number of days.
    init(_ subject: Subject) { (days, omitsStandIns) = (subject.dayOffset, true) }

    /// DA values, also odd ones of old writers: `YYYYMMDD`, `YYYY.MM.DD`, ranges of both.
    ///
    /// - Returns: nil for what is no date of the calendar, and for a `StandInDate`; such a value cannot be moved.
    func date(_ text: String) -> String? {
        if text.isEmpty { return "" }
        if let dash = text.firstIndex(of: "-"), text.filter({ $0 == "-" }).count == 1 {
            guard let from = date(trimmed(text[..<dash])), let to = date(trimmed(text[text.index(after: dash)...]))
            else {
                return nil
            }
            return "\(from)-\(to)"
        }
        let digits = text.count == 10 && separators(of: text) ? text.filter(\.isNumber) : text
        guard digits.count == 8, let (year, month, day) = Self.parts(digits) else { return nil }
        return moved(year, month, day).map { Self.text($0) }
    }

    /// DT values: a date to any precision, with time, fraction and offset from UTC, which stay; ranges.
    ///
    /// A year or month alone is moved by its first day, and stays as coarse as it was.
    func dateTime(_ text: String) -> String? {
        if text.isEmpty { return "" }
        // Four last digits behind a sign are an offset from UTC, at most 14 hours; as a year they begin later.
        var (body, zone) = (text[...], ""[...])
        if let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }),
            let hours = Int(text[text.index(after: sign)...]), text.distance(from: sign, to: text.endIndex) == 5,
            hours <= 1400
        {
            (body, zone) = (text[..<sign], text[sign...])
        }
        if let dash = body.firstIndex(of: "-") {
            guard let from = dateTime(trimmed(body[..<dash])),
                let to = dateTime(trimmed(body[body.index(after: dash)...]) + zone)
            else { return nil }
            return "\(from)-\(to)"
        }
        let datePart = String(body.prefix { $0.isASCIIDigit }.prefix(8))
        let rest = body.dropFirst(datePart.count)
        guard [4, 6, 8].contains(datePart.count), rest.allSatisfy({ $0.isASCIIDigit || $0 == "." }) else { return nil }
        guard rest.isEmpty || datePart.count == 8 else { return nil }
        let padded = datePart + "0101".suffix(8 - datePart.count)
        guard let (year, month, day) = Self.parts(padded), let shifted = moved(year, month, day) else { return nil }
        return String(Self.text(shifted).prefix(datePart.count)) + rest + zone
    }

    /// Whether an element tells a time of day or an offset from UTC, which whole days leave as they are.
    func leaves(_ element: DataElement) -> Bool {
        guard element.vr == .TM || element.tag == .timezoneOffsetFromUTC else { return false }
        return values(of: element).allSatisfy {
            $0.isEmpty || (element.vr == .TM ? ClockTime.isTime($0) : ClockTime.isOffset($0))
        }
    }

    /// The text of an element of dates or dates and times, each of its values moved; nil for anything else.
    func moved(_ element: DataElement) -> String? {
        let moved = values(of: element).map { value in
            element.vr == .DA ? date(value) : element.vr == .DT ? dateTime(value) : nil
        }
        return moved.contains(nil) ? nil : moved.compactMap { $0 }.joined(separator: "\\")
    }

    private func values(of element: DataElement) -> [String] {
        element.plainText.split(separator: "\\", omittingEmptySubsequences: false).map(trimmed)
    }

    private func trimmed(_ text: Substring) -> String {
        text.split(separator: " ").joined(separator: " ")
    }

    private func separators(of text: String) -> Bool {
        let marks = text.filter { !$0.isNumber }
        return marks.count == 2 && Set(marks).isSubset(of: [".", "/", "-"])
    }

    private static func parts(_ digits: String) -> (Int, Int, Int)? {
        guard digits.allSatisfy(\.isASCIIDigit), let number = Int(digits) else { return nil }
        let (year, month, day) = (number / 10000, number / 100 % 100, number % 100)
        guard year >= 1, (1...12).contains(month), day >= 1, day <= daysIn(month, year) else { return nil }
        return (year, month, day)
    }

    private func moved(_ year: Int, _ month: Int, _ day: Int) -> Int? {
        if omitsStandIns, StandInDate.isOne(year, month, day) { return nil }
        let number = Self.dayNumber(year, month, day) + days
        return number >= Self.dayNumber(1, 1, 1) ? number : nil
    }

    private static func daysIn(_ month: Int, _ year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Days since 1 March of the year 0 in the Gregorian calendar, years beginning in March so that leap days are last.
    private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let (y, m) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        return y * 365 + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1
    }

    private static func text(_ number: Int) -> String {
        var year = (10000 * number + 14780) / 3_652_425
        var rest = number - (365 * year + year / 4 - year / 100 + year / 400)
        if rest < 0 {
            year -= 1
            rest = number - (365 * year + year / 4 - year / 100 + year / 400)
        }
        let shifted = (100 * rest + 52) / 3060
        let (month, day) = ((shifted + 2) % 12 + 1, rest - (shifted * 306 + 5) / 10 + 1)
        let value = (year + (shifted + 2) / 12) * 10000 + month * 100 + day
        let digits = String(value)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

extension Character {
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
