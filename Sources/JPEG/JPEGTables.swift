/// The quantization and Huffman tables of JPEG pictures that stand within other bytes, such as the thumbnail in EXIF.
enum JPEGTables {
    /// Of a segment: eight Huffman tables, two classes of four, with all symbols that there are.
    private static let longest = 8 * (17 + 256)

    /// The same bytes with zeros in place of such tables. What only looks like one stays.
    static func zeroed(in original: [UInt8]) -> [UInt8] {
        var (bytes, place, isPicture) = (original, 0, false)
        while place + 3 < bytes.count {
            guard bytes[place] == 0xFF else {
                place += 1
                continue
            }
            let marker = bytes[place + 1]
            isPicture = isPicture || marker == 0xD8
            let body = place + 4
            let end = place + 2 + (Int(bytes[place + 2]) << 8 | Int(bytes[place + 3]))
            guard isPicture, body <= end, end <= min(bytes.count, body + longest),
                marker == 0xDB && isQuantization(bytes[body..<end]) || marker == 0xC4 && isHuffman(bytes[body..<end])
            else {
                place += 1
                continue
            }
            for index in body..<end { bytes[index] = 0 }
            place = end
        }
        return bytes
    }

    /// Whether these are whole tables of 64 values of 8 or 16 bits, none of them zero (ITU-T T.81 B.2.4.1).
    private static func isQuantization(_ body: ArraySlice<UInt8>) -> Bool {
        var rest = body
        while let head = rest.popFirst() {
            let width = Int(head >> 4) + 1
            guard width <= 2, head & 15 < 4, rest.count >= 64 * width else { return false }
            let table = Array(rest.prefix(64 * width))
            guard (0..<64).allSatisfy({ value in (0..<width).contains { table[value * width + $0] != 0 } }) else {
                return false
            }
            rest = rest.dropFirst(64 * width)
        }
        return !body.isEmpty
    }

    /// Whether these are whole tables of 16 counts and as many symbols, none of them twice (ITU-T T.81 B.2.4.2).
    private static func isHuffman(_ body: ArraySlice<UInt8>) -> Bool {
        var rest = body
        while let head = rest.popFirst() {
            guard head >> 4 < 2, head & 15 < 4, rest.count >= 16 else { return false }
            let count = rest.prefix(16).reduce(0) { $0 + Int($1) }
            let symbols = rest.dropFirst(16).prefix(count)
            guard symbols.count == count, Set(symbols).count == count else { return false }
            rest = rest.dropFirst(16 + count)
        }
        return !body.isEmpty
    }
}
