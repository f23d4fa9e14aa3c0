/// Reads JSON strictly (RFC 8259): what other readers would take differently is refused, two members of one name
/// among it.
struct JSONParser {
    private let bytes: [UInt8]
    private var place = 0

    private static let (longest, deepest) = (64 << 20, 64)

    /// - Throws: `Refusal` with code `unparsable`.
    static func parse(_ bytes: [UInt8]) throws(Refusal) -> JSONNode {
        guard bytes.count <= longest else { throw Refusal(.unparsable, "JSON of more than \(longest) bytes") }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw Refusal(.unparsable, "JSON that is not UTF-8")
        }
        // A byte order mark says nothing.
        var parser = JSONParser(bytes: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes)
        let node = try parser.value(0)
        parser.skipSpace()
        guard parser.place == parser.bytes.count else { throw parser.malformed }
        return node
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var malformed: Refusal { Refusal(.unparsable, "no valid JSON at byte \(place)") }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { place += 1 }
    }

    private mutating func take(_ character: Character) throws(Refusal) {
        guard next == character.asciiValue else { throw malformed }
        place += 1
    }

    private mutating func value(_ depth: Int) throws(Refusal) -> JSONNode {
        guard depth < Self.deepest else { throw Refusal(.unparsable, "JSON nested deeper than \(Self.deepest)") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return .object(try members(depth))
        case UInt8(ascii: "["): return .array(try elements(depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func word(_ text: String, _ node: JSONNode) throws(Refusal) -> JSONNode {
        guard bytes[place...].starts(with: text.utf8) else { throw malformed }
        place += text.utf8.count
        return node
    }

    private mutating func members(_ depth: Int) throws(Refusal) -> [JSONNode.Member] {
        var (members, known) = ([JSONNode.Member](), Set<String>())
        place += 1
        skipSpace()
        if next == UInt8(ascii: "}") {
            place += 1
            return []
        }
        while true {
            skipSpace()
            let key = try string()
            guard known.insert(key).inserted else {
                throw Refusal(.unparsable, "JSON with two members of one name; readers differ in which they take")
            }
            skipSpace()
            try take(":")
            members.append(.init(key: key, value: try value(depth + 1)))
            skipSpace()
            if next == UInt8(ascii: "}") { break }
            try take(",")
        }
        place += 1
        return members
    }

    private mutating func elements(_ depth: Int) throws(Refusal) -> [JSONNode] {
        var elements: [JSONNode] = []
        place += 1
        skipSpace()
        if next == UInt8(ascii: "]") {
            place += 1
            return []
        }
        while true {
            elements.append(try value(depth + 1))
            skipSpace()
            if next == UInt8(ascii: "]") { break }
            try take(",")
        }
        place += 1
        return elements
    }

    private mutating func number() throws(Refusal) -> String {
        let start = place
        while let byte = next, (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte) {
            place += 1
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        guard Self.isNumber(text) else {
            place = start
            throw malformed
        }
        return text
    }

    /// Of the grammar, and one that readers can hold: some take 1e999 for infinity, some refuse the file.
    static func isNumber(_ text: String) -> Bool {
        text.wholeMatch(of: #/-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/#) != nil
            && Double(text)?.isFinite == true
    }

    private mutating func string() throws(Refusal) -> String {
        try take("\"")
        var text: [UInt8] = []
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw malformed }
            place += 1
            if byte == UInt8(ascii: "\\") { text += try escape().utf8 } else { text.append(byte) }
        }
        try take("\"")
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func escape() throws(Refusal) -> String {
        guard let byte = next else { throw malformed }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return String(UnicodeScalar(byte))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try scalar()
        default: throw malformed
        }
    }

    /// `\uXXXX`, in pairs beyond the basic plane.
    private mutating func scalar() throws(Refusal) -> String {
        var units = [try unit()]
        if UTF16.isLeadSurrogate(units[0]) {
            try take("\\")
            try take("u")
            units.append(try unit())
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw malformed }
        return text
    }

    private mutating func unit() throws(Refusal) -> UInt16 {
        guard place + 4 <= bytes.count,
            bytes[place..<place + 4].allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
            let unit = UInt16(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16)
        else { throw malformed }
        place += 4
        return unit
    }
}
