/// How people and devices write a date, by templates: digits are places in YYYYMMDD, `m` and `d` month and day without
/// a zero before them, `a` the first three letters of the month's English name, `n` the whole name.
enum DateSpellings {
    /// Nothing but a date is written like this; also searched for in UTF-16.
    static let usual = templates([
        "01234567", "0123-45-67", "0123.45.67", "0123/45/67", "67.45.0123", "67/45/0123", "45/67/0123", "67-45-0123",
    ])
    static let other = templates([
        "0123_45_67", "0123 45 67", "67_45_0123", "67 45 0123", "45-67-0123", "45.67.0123",
        "45_67_0123", "45 67 0123", "67a0123", "67-a-0123", "67_a_0123", "67 a 0123", "67 n 0123", "0123a67",
        "0123-a-67", "0123_a_67", "0123 a 67", "a670123", "a-67-0123", "a_67_0123", "a 67 0123", "a 67, 0123",
        "n 67 0123", "n 67, 0123",
    ])
    /// Numbers are written like this, too.
    static let short = templates([
        "67450123", "45670123", "234567", "674523", "456723", "23-45-67", "67-45-23", "45-67-23", "23.45.67",
        "67.45.23", "45.67.23",
        "23/45/67", "67/45/23", "45/67/23",
    ])
    /// A part of another date may look like this.
    static let unpadded = templates([
        "0123-m-d", "0123.m.d", "0123/m/d", "0123_m_d", "d-m-0123", "d.m.0123", "d/m/0123", "d_m_0123", "m-d-0123",
        "m.d.0123", "m/d/0123", "m_d_0123", "da0123", "d-a-0123", "d_a_0123", "d a 0123", "d n 0123", "a d 0123",
        "a d, 0123", "n d 0123", "n d, 0123",
    ])

    private static let end = UInt8(ascii: ";")

    /// One after the other, because they are gone through for every file.
    private static func templates(_ texts: [String]) -> [UInt8] { texts.flatMap { Array($0.utf8) + [end] } }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ].map { Array($0.utf8) }

    /// Whether the date has a month and a day, without which only `usual` can spell it.
    ///
    /// - Parameter date: digits of YYYYMMDD.
    static func isDay(_ date: [UInt8]) -> Bool {
        (1...12).contains(number(date[4..<6])) && (1...31).contains(number(date[6..<8]))
    }

    /// Calls `body` with each spelling.
    ///
    /// - Parameter date: digits of YYYYMMDD.
    static func forEach(_ templates: [UInt8], of date: [UInt8], _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        let name = isDay(date) ? months[number(date[4..<6]) - 1] : []
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { buffer in
            var count = 0
            func add(_ bytes: [UInt8], _ range: Range<Int>) {
                for index in range {
                    buffer[count] = bytes[index]
                    count += 1
                }
            }
            for sign in templates {
                switch sign {
                case UInt8(ascii: "m"): add(date, (date[4] == 0x30 ? 5 : 4)..<6)
                case UInt8(ascii: "d"): add(date, (date[6] == 0x30 ? 7 : 6)..<8)
                case UInt8(ascii: "a"): add(name, 0..<min(3, name.count))
                case UInt8(ascii: "n"): add(name, 0..<name.count)
                case 0x30...0x37: add(date, Int(sign & 7)..<Int(sign & 7) + 1)
                case end:
                    body(UnsafeBufferPointer(rebasing: UnsafeBufferPointer(buffer)[..<count]))
                    count = 0
                default:
                    buffer[count] = sign
                    count += 1
                }
            }
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int { digits.reduce(0) { $0 * 10 + Int($1 & 15) } }
}
