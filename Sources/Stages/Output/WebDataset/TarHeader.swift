/// The header of one file in a tar archive (POSIX.1-2017 pax, "ustar Interchange Format"): owner 0, mode 0644, time 0, so
/// that equal files make equal archives.
enum TarHeader {
    static let blockSize = 512

    /// What follows a file of that size up to the next block.
    static func padding(behind size: Int) -> [UInt8] {
        Array(repeating: 0, count: (blockSize - size % blockSize) % blockSize)
    }

    /// The end of an archive.
    static let end = [UInt8](repeating: 0, count: 2 * blockSize)

    /// One block, or three where the name is not ASCII or too long for it, or the size above 8 GiB.
    static func bytes(name: String, size: Int) -> [UInt8] {
        let isASCII = name.utf8.allSatisfy { $0 < 128 }
        if isASCII, size <= 0o77_777_777_777, let (prefix, rest) = split(Array(name.utf8)) {
            return block(prefix: prefix, name: rest, size: size, type: "0")
        }
        let records = record("path", name) + record("size", String(size))
        let short = Array(name.utf8.map { $0 < 128 && $0 != 0 ? $0 : UInt8(ascii: "_") }.suffix(100))
        return block(prefix: [], name: Array("PaxHeaders/sample".utf8), size: records.count, type: "x") + records
            + padding(behind: records.count)
            + block(prefix: [], name: short, size: min(size, 0o77_777_777_777), type: "0")
    }

    /// A name of at most 100 bytes, or one that a slash divides into at most 155 and 100.
    private static func split(_ name: [UInt8]) -> (prefix: [UInt8], name: [UInt8])? {
        if name.count <= 100 { return ([], name) }
        for index in name.indices where name[index] == UInt8(ascii: "/") && index > 0 && index <= 155 {
            let rest = name[(index + 1)...]
            if !rest.isEmpty, rest.count <= 100 { return (Array(name[..<index]), Array(rest)) }
        }
        return nil
    }

    /// "30 path=...\n": the number counts itself.
    private static func record(_ key: String, _ value: String) -> [UInt8] {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count
        while String(length).utf8.count + rest.utf8.count != length {
            length = String(length).utf8.count + rest.utf8.count
        }
        return Array("\(length)\(rest)".utf8)
    }

    private static func block(prefix: [UInt8], name: [UInt8], size: Int, type: Character) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: blockSize)
        func set(_ offset: Int, _ bytes: [UInt8]) { block.replaceSubrange(offset..<offset + bytes.count, with: bytes) }
        set(0, name)
        set(100, octal(0o644, digits: 7))
        set(108, octal(0, digits: 7))
        set(116, octal(0, digits: 7))
        set(124, octal(size, digits: 11))
        set(136, octal(0, digits: 11))
        // The checksum is made with spaces in its place.
        set(148, Array("        ".utf8))
        set(156, Array(String(type).utf8))
        set(257, Array("ustar".utf8) + [0] + Array("00".utf8))
        set(329, octal(0, digits: 7))
        set(337, octal(0, digits: 7))
        set(345, prefix)
        set(148, octal(block.reduce(0) { $0 + Int($1) }, digits: 6) + [0])
        return block
    }

    private static func octal(_ value: Int, digits: Int) -> [UInt8] {
        let text = String(value, radix: 8)
        return Array((String(repeating: "0", count: max(0, digits - text.count)) + text).utf8)
    }
}
