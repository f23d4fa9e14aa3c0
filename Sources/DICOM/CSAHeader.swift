/// Siemens' "CSA header": named lists of texts in a private element, little endian.
///
/// Layout: optional "SV10" and 4 bytes, the number of tags, 77; then for each tag 64 bytes of name, VM, 4 bytes of VR,
/// syngo type, number of items, 77 or 205; each item has four words of lengths and its text, padded to 4 bytes.
/// The second of the four words is the length in "SV10" headers; older ones add the first tag's item count to the
/// first word. Source: the description in nibabel's documentation, "Siemens format DICOM with CSA header".
struct CSAHeader {
    private var texts: [String: [String]] = [:]

    /// Nil when the bytes are not such a header.
    /// - Parameter names: the tags to keep; there are a hundred, and every file of a series has them.
    init?(_ bytes: [UInt8], names: Set<String>) {
        var place = bytes.starts(with: Array("SV10".utf8)) ? 8 : 0
        let isNew = place == 8
        func word() -> Int? {
            guard place + 4 <= bytes.count else { return nil }
            defer { place += 4 }
            return (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
        }
        guard let count = word(), (1...1024).contains(count), word() == 77 else { return nil }
        var firstCount: Int?
        for _ in 0..<count {
            guard place + 84 <= bytes.count else { return nil }
            let name = String(decoding: bytes[place..<place + 64].prefix { $0 != 0 }, as: UTF8.self)
            place += 64 + 12
            guard let items = word(), items <= 1 << 16, let check = word(), check == 77 || check == 205 else {
                return nil
            }
            let isWanted = names.contains(name)
            let base = firstCount ?? items
            firstCount = base
            for _ in 0..<items {
                guard place + 16 <= bytes.count else { return nil }
                let start = place
                let (first, second) = (word()!, word()!)
                place = start + 16
                let length = isNew ? second : first - base
                guard length >= 0, place + length <= bytes.count else {
                    // Older headers hold items whose lengths mean nothing; nibabel goes on with the next tag, too.
                    if isNew { return nil }
                    break
                }
                if isWanted {
                    let text = String(decoding: bytes[place..<place + length].prefix { $0 != 0 }, as: UTF8.self)
                    if !text.isEmpty { texts[name, default: []].append(text) }
                }
                place += (length + 3) / 4 * 4
            }
        }
    }

    func numbers(_ name: String) -> [Double] {
        (texts[name] ?? []).compactMap { Double($0.filter { $0 != " " }) }.filter(\.isFinite)
    }
}
