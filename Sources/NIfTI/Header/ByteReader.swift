/// Numbers at given offsets of a header, in either byte order.
struct ByteReader {
    let bytes: ArraySlice<UInt8>
    let isBigEndian: Bool

    func integer<Word: FixedWidthInteger>(_ offset: Int, _: Word.Type = Word.self) -> Word {
        let start = bytes.startIndex + offset
        let raw = bytes[start..<start + MemoryLayout<Word>.size]
        let ordered = isBigEndian ? Array(raw) : raw.reversed()
        return ordered.reduce(0) { ($0 &<< 8) | Word(truncatingIfNeeded: $1) }
    }

    func float(_ offset: Int) -> Double { Double(Float(bitPattern: integer(offset, UInt32.self))) }
    func double(_ offset: Int) -> Double { Double(bitPattern: integer(offset, UInt64.self)) }
}
