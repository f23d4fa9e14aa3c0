/// A JSON value whose objects keep their order, so that equal values are equal bytes.
public enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    public struct Member: Sendable, Hashable {
        public var key: String
        public var value: JSONValue
        public init(_ key: String, _ value: JSONValue) { (self.key, self.value) = (key, value) }
    }

    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The same with the members of all objects in the order of their keys.
    public var sorted: JSONValue {
        switch self {
        case .object(let members):
            .object(members.map { Member($0.key, $0.value.sorted) }.sorted { $0.key < $1.key })
        case .array(let values): .array(values.map(\.sorted))
        default: self
        }
    }

    /// Of an array; empty for anything else.
    public var elements: [JSONValue] { if case .array(let values) = self { values } else { [] } }

    /// Adds or replaces a member of an object.
    public mutating func set(_ key: String, _ value: JSONValue) {
        guard case .object(var members) = self else { return }
        if let index = members.firstIndex(where: { $0.key == key }) {
            members[index].value = value
        } else {
            members.append(Member(key, value))
        }
        self = .object(members)
    }

    /// RFC 8259 text; one line, or indented by two spaces a level. Numbers that are not finite become null.
    public func text(indented: Bool = false) -> String { String(decoding: utf8(indented: indented), as: UTF8.self) }

    /// The bytes of `text`, for files.
    public func utf8(indented: Bool = false) -> [UInt8] {
        var out: [UInt8] = []
        write(to: &out, indentation: indented ? 0 : nil)
        return out
    }

    private func write(to out: inout [UInt8], indentation: Int?) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let value): out += (value ? "true" : "false").utf8
        case .integer(let value): out += String(value).utf8
        case .number(let value):
            if !value.isFinite {
                out += "null".utf8
            } else if value == value.rounded(), abs(value) < 1e15 {
                out += String(Int(value)).utf8
            } else {
                out += String(value).utf8
            }
        case .string(let value): JSONValue.write(string: value, to: &out)
        case .array(let values):
            // Rows of numbers stay on one line: a shape or a box is read at a glance.
            let flat = values.allSatisfy {
                if case .array = $0 { false } else if case .object = $0 { false } else { true }
            }
            JSONValue.write(
                values, "[", "]", to: &out, indentation: flat ? nil : indentation,
                spaced: flat && indentation != nil
            ) { value, out, inner in value.write(to: &out, indentation: inner) }
        case .object(let members):
            JSONValue.write(members, "{", "}", to: &out, indentation: indentation, spaced: false) {
                member, out, inner in
                JSONValue.write(string: member.key, to: &out)
                out += (inner == nil ? ":" : ": ").utf8
                member.value.write(to: &out, indentation: inner)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element], _ open: String, _ close: String, to out: inout [UInt8], indentation: Int?, spaced: Bool,
        _ body: (Element, inout [UInt8], Int?) -> Void
    ) {
        out += open.utf8
        for (index, element) in elements.enumerated() {
            if index > 0 { out += (spaced ? ", " : ",").utf8 }
            if let indentation { breakLine(&out, indentation + 1) }
            body(element, &out, indentation.map { $0 + 1 })
        }
        if let indentation, !elements.isEmpty { breakLine(&out, indentation) }
        out += close.utf8
    }

    private static func breakLine(_ out: inout [UInt8], _ level: Int) {
        out.append(UInt8(ascii: "\n"))
        out += repeatElement(UInt8(ascii: " "), count: 2 * level)
    }

    private static func write(string: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        // Nearly every text is as it is: then it goes over in one piece.
        if string.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
            for byte in string.utf8 { write(escaping: byte, to: &out) }
        } else {
            out += string.utf8
        }
        out.append(UInt8(ascii: "\""))
    }

    private static func write(escaping byte: UInt8, to out: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""): out += "\\\"".utf8
        case UInt8(ascii: "\\"): out += "\\\\".utf8
        case UInt8(ascii: "\n"): out += "\\n".utf8
        case UInt8(ascii: "\r"): out += "\\r".utf8
        case UInt8(ascii: "\t"): out += "\\t".utf8
        case ..<0x20:
            let digits = String(byte, radix: 16)
            out += ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8
        default: out.append(byte)
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(nilLiteral: ()) { self = .null }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}

extension JSONValue: Codable {
    /// Members of objects come in the order of their keys: decoders do not tell the order in which they stood.
    public init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: Name.self) {
            self = .object(
                try container.allKeys.sorted { $0.stringValue < $1.stringValue }.map {
                    Member($0.stringValue, try container.decode(JSONValue.self, forKey: $0))
                })
        } else if var container = try? decoder.unkeyedContainer() {
            var values: [JSONValue] = []
            while !container.isAtEnd { values.append(try container.decode(JSONValue.self)) }
            self = .array(values)
        } else {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let value = try? container.decode(Bool.self) {
                self = .bool(value)
            } else if let value = try? container.decode(Int.self) {
                self = .integer(value)
            } else if let value = try? container.decode(Double.self) {
                self = .number(value)
            } else {
                self = .string(try container.decode(String.self))
            }
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let value): try value.encode(to: encoder)
        case .integer(let value): try value.encode(to: encoder)
        case .number(let value): try value.encode(to: encoder)
        case .string(let value): try value.encode(to: encoder)
        case .array(let values): try values.encode(to: encoder)
        case .object(let members):
            var container = encoder.container(keyedBy: Name.self)
            for member in members { try container.encode(member.value, forKey: Name(stringValue: member.key)) }
        }
    }

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
