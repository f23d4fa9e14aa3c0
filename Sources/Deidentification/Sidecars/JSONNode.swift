/// A JSON value (RFC 8259) with the order of its members and the digits of its numbers.
indirect enum JSONNode: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    /// A string that was computed, such as a moved date.
    case moved(String)
    case array([JSONNode])
    case object([Member])

    struct Member: Sendable, Equatable {
        var key: String
        var value: JSONNode
    }

    subscript(key: String) -> JSONNode? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// Its characters, of strings and numbers.
    var text: String? {
        switch self {
        case .number(let text), .string(let text), .moved(let text): text
        default: nil
        }
    }

    /// Strings, numbers, flags and nulls at any depth.
    func forEachLeaf(_ body: (JSONNode) -> Void) {
        switch self {
        case .array(let values): for value in values { value.forEachLeaf(body) }
        case .object(let members): for member in members { member.value.forEachLeaf(body) }
        default: body(self)
        }
    }
}

/// JSON text of nodes, indented as sidecars are, and where in it numbers and computed strings stand.
struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private(set) var free: [Range<Int>] = []

    init(_ node: JSONNode) {
        write(node, 0)
        bytes.append(0x0A)
    }

    private mutating func write(_ node: JSONNode, _ depth: Int) {
        switch node {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .number(let text): mark { $0.bytes += text.utf8 }
        case .string(let text): write(text)
        case .moved(let text): mark { $0.write(text) }
        case .array(let values):
            let isFlat = !values.contains { if case .object = $0 { true } else { false } }
            list(values, "[", "]", isFlat ? nil : depth) { $0.write($1, depth + 1) }
        case .object(let members):
            list(members, "{", "}", depth) {
                $0.write($1.key)
                $0.bytes += ": ".utf8
                $0.write($1.value, depth + 1)
            }
        }
    }

    private mutating func mark(_ body: (inout JSONWriter) -> Void) {
        let start = bytes.count
        body(&self)
        free.append(start..<bytes.count)
    }

    private mutating func list<Element>(
        _ elements: [Element], _ open: String, _ close: String, _ depth: Int?,
        _ body: (inout JSONWriter, Element) -> Void
    ) {
        bytes += open.utf8
        func newLine(_ depth: Int) -> String { "\n" + String(repeating: "  ", count: depth) }
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes += (depth == nil ? ", " : ",").utf8 }
            if let depth { bytes += newLine(depth + 1).utf8 }
            body(&self, element)
        }
        if let depth, !elements.isEmpty { bytes += newLine(depth).utf8 }
        bytes += close.utf8
    }

    private mutating func write(_ text: String) {
        bytes.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: bytes += [0x5C, byte]
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                bytes += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }
}
