/// Dates that a text spells in ways too many to be searched for in bytes (`DateSpellings` has the others): with months in
/// other languages than English, in Chinese and Japanese, with two digits for the year and none for zeros, by the day of
/// the year, in seconds since 1970.
enum WrittenDates {
    private enum Token {
        case number(Int, digits: Int, afterSlash: Bool)
        case word(String)
    }

    /// Calls `test` with YYYYMMDD of what may be a date until it says yes; not all of them are of the calendar.
    ///
    /// - Parameter text: UTF-8.
    static func contains(in text: UnsafeBufferPointer<UInt8>, where test: ([UInt8]) -> Bool) -> Bool {
        // Most texts have no date, and each file has many texts.
        guard mayHold(text) else { return false }
        let tokens = tokens(of: text)
        return tokens.indices.contains { index in
            days(at: index, tokens).contains { year, month, day in
                (1...12).contains(month) && (1...31).contains(day)
                    && years(year).contains { test(Array("\($0 * 10000 + month * 100 + day)".utf8)) }
            }
        }
    }

    /// Whether a text has three digits, and seven in a row, a slash, a month or the sign for a year.
    private static func mayHold(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var (digits, row, letters, hasSign, hasSlash) = (0, 0, 0, false, false)
        var start: UInt32 = 0
        for (place, byte) in text.enumerated() {
            switch byte {
            case 0x30...0x39:
                (digits, row, letters) = (digits + 1, row + 1, 0)
                hasSign = hasSign || row == 7
            case 0x41...0x5A, 0x61...0x7A:
                (row, letters) = (0, letters + 1)
                start = start << 8 | UInt32(byte | 0x20)
                if letters == 3, beginnings.contains(start & 0xFFFFFF) { hasSign = true }
            default:
                (row, letters) = (0, 0)
                hasSlash = hasSlash || byte == UInt8(ascii: "/")
                if byte == 0xE5, text[place...].starts(with: "年".utf8) { hasSign = true }
            }
        }
        return digits >= 3 && (hasSign || hasSlash)
    }

    /// The first three letters of all months.
    private static let beginnings = Set(
        months.keys.filter { $0.count == 3 }.map { $0.utf8.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } })

    /// A year of two digits is of this century or the last.
    private static func years(_ year: Int) -> [Int] {
        year < 100 ? [1900 + year, 2000 + year] : (1900..<2100).contains(year) ? [year] : []
    }

    private static func days(at index: Int, _ tokens: [Token]) -> [(year: Int, month: Int, day: Int)] {
        func number(_ place: Int) -> Int? {
            guard tokens.indices.contains(place), case .number(let value, let digits, _) = tokens[place] else {
                return nil
            }
            return digits <= 2 || digits == 4 ? value : nil
        }
        switch tokens[index] {
        case .number(let value, 7, _): return [dayOfYear(value % 1000, of: value / 1000)].compactMap { $0 }
        case .number(let year, 4, _):
            guard tokens.indices.contains(index + 1), case .number(let day, 3, true) = tokens[index + 1] else {
                return []
            }
            return [dayOfYear(day, of: year)].compactMap { $0 }
        case .number(let seconds, 10, _):
            return (-1...1).compactMap { date(seconds / 86400 + $0, after: "19700101") }
        case .number(let first, 1...2, _):
            guard tokens.indices.contains(index + 2), case .number(let second, 1...2, true) = tokens[index + 1],
                case .number(let third, 1...2, true) = tokens[index + 2]
            else { return [] }
            return [(third, first, second), (third, second, first), (first, second, third)]
        case .word("年"):
            guard let year = number(index - 1), let month = number(index + 1), let day = number(index + 3) else {
                return []
            }
            return [(year, month, day)]
        case .word(let word):
            guard let months = months[word] else { return [] }
            let (before, after, afterThat) = (number(index - 1), number(index + 1), number(index + 2))
            return months.flatMap { month in
                [
                    before.flatMap { day in after.map { ($0, month, day) } },
                    after.flatMap { day in afterThat.map { ($0, month, day) } },
                ]
                .compactMap { $0 }
            }
        default: return []
        }
    }

    private static func dayOfYear(_ day: Int, of year: Int) -> (Int, Int, Int)? {
        guard (1...366).contains(day), (1900..<2100).contains(year) else { return nil }
        return date(day - 1, after: "\(year)0101")
    }

    private static func date(_ days: Int, after start: String) -> (Int, Int, Int)? {
        DateShift(days: days).date(start).flatMap { Int($0) }.map { ($0 / 10000, $0 / 100 % 100, $0 % 100) }
    }

    /// Numbers, and words in small letters; words that stand within a date ("17 de marzo de 2020", "21st") are left out.
    private static func tokens(of text: UnsafeBufferPointer<UInt8>) -> [Token] {
        let scalars = Array(String(decoding: text, as: UTF8.self).lowercased().unicodeScalars)
        var (tokens, index): ([Token], Int) = ([], 0)
        func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
        while index < scalars.count {
            let start = index
            if isDigit(scalars[index]) {
                while index < scalars.count, isDigit(scalars[index]) { index += 1 }
                let value = Int(String(String.UnicodeScalarView(scalars[start..<index]))) ?? 0
                tokens.append(.number(value, digits: index - start, afterSlash: start > 0 && scalars[start - 1] == "/"))
            } else if scalars[index].properties.isIdeographic {
                index += 1
                tokens.append(.word(String(scalars[start])))
            } else if scalars[index].properties.isAlphabetic {
                while index < scalars.count, scalars[index].properties.isAlphabetic { index += 1 }
                let word = String(String.UnicodeScalarView(scalars[start..<index]))
                if !particles.contains(word) { tokens.append(.word(word)) }
            } else {
                index += 1
            }
        }
        return tokens
    }

    private static let particles: Set<String> = ["de", "di", "del", "of", "den", "st", "nd", "rd", "th", "er"]

    /// Names of months without marks, and their beginnings of three letters and more: what they may mean.
    private static let months: [String: Set<Int>] = {
        let languages = [
            "january february march april may june july august september october november december",
            "januar februar marz april mai juni juli august september oktober november dezember",
            "janner feber maerz april mai juni juli august september oktober november dezember",
            "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
            "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
            "januari februari maart april mei juni juli augustus september oktober november december",
            "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
        ]
        var months: [String: Set<Int>] = ["mrz": [3], "mrt": [3]]
        for language in languages {
            for (index, name) in language.split(separator: " ").enumerated() {
                for count in 3...name.count { months[String(name.prefix(count)), default: []].insert(index + 1) }
            }
        }
        return months
    }()
}
