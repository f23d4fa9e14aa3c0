/// How EXIF says that a JPEG image should be turned for display (CIPA DC-008 4.6.5, tag 0x0112).
enum EXIFOrientation {
    /// 1 for an image that is shown as it is stored; nil where nothing readable is said.
    static func value(in bytes: [UInt8]) -> Int? {
        var place = 2
        // Segments before the first scan (ITU-T T.81 B.1.1.4); EXIF is in APP1.
        while place + 3 < bytes.count, bytes[place] == 0xFF, bytes[place + 1] != 0xDA {
            let end = place + 2 + (Int(bytes[place + 2]) << 8 | Int(bytes[place + 3]))
            guard end > place + 3, end <= bytes.count else { return nil }
            let body = bytes[(place + 4)..<end]
            if bytes[place + 1] == 0xE1, body.starts(with: Array("Exif\0\0".utf8)) {
                return value(inTIFF: Array(body.dropFirst(6)))
            }
            place = end
        }
        return nil
    }

    /// The tag in the first directory of a TIFF header of either byte order.
    private static func value(inTIFF bytes: [UInt8]) -> Int? {
        let isLittle = bytes.starts(with: [0x49, 0x49])
        guard isLittle || bytes.starts(with: [0x4D, 0x4D]) else { return nil }
        func number(_ place: Int, _ count: Int) -> Int? {
            guard place >= 0, place + count <= bytes.count else { return nil }
            let digits = bytes[place..<place + count]
            return (isLittle ? Array(digits.reversed()) : Array(digits)).reduce(0) { $0 << 8 | Int($1) }
        }
        guard let directory = number(4, 4), let count = number(directory, 2) else { return nil }
        let entries = (0..<count).lazy.map { directory + 2 + 12 * $0 }
        guard let entry = entries.first(where: { number($0, 2) == 0x0112 }) else { return nil }
        return number(entry + 8, 2)
    }
}
