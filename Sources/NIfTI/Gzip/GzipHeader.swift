/// What the header of a gzip member says beside the data: file name, comment and extra field (RFC 1952, 2.3).
enum GzipHeader {
    /// The bytes of these fields in their order; those that begin too far on are left out.
    static func fields(_ bytes: [UInt8]) -> [(name: String, bytes: [UInt8])] {
        guard GzipStream.isGzip(bytes), bytes.count > 10 else { return [] }
        // The field that we write ourselves holds two lengths.
        if GzipMember.sizes(Array(bytes.prefix(GzipMember.headerLength))) != nil { return [] }
        let flags = bytes[3]
        var (place, fields) = (10, [(name: String, bytes: [UInt8])]())
        if flags & 4 != 0 {
            guard place + 2 <= bytes.count else { return [] }
            let length = Int(bytes[place]) | Int(bytes[place + 1]) << 8
            place += 2
            fields.append(("gzip extra field", Array(bytes[place...].prefix(length))))
            place = min(place + length, bytes.count)
        }
        for (flag, name) in [(8, "gzip file name"), (16, "gzip comment")] where flags & UInt8(flag) != 0 {
            let text = bytes[place...].prefix { $0 != 0 }
            fields.append((name, Array(text)))
            place = min(text.endIndex + 1, bytes.count)
        }
        return fields
    }
}
