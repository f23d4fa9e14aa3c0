/// The bytes of one message of Protocol Buffers: fields one after the other, each led by its number and kind.
/// <https://protobuf.dev/programming-guides/encoding/>
///
/// Repeated numbers are written one field each, which every reader takes, whether it packs them itself or not.
struct ProtobufMessage: Sendable, Hashable {
    private(set) var bytes: [UInt8] = []

    private enum Kind: UInt64 {
        case varint = 0
        case lengthDelimited = 2
        case fixed32 = 5
    }

    /// An `int32`, `int64` or enumeration; negative numbers take ten bytes.
    mutating func add(_ field: Int, integer: Int) {
        add(key: field, .varint)
        add(varint: UInt64(bitPattern: Int64(integer)))
    }

    mutating func add(_ field: Int, integers: [Int]) {
        for integer in integers { add(field, integer: integer) }
    }

    /// A `float`.
    mutating func add(_ field: Int, float: Float) {
        add(key: field, .fixed32)
        withUnsafeBytes(of: float.bitPattern.littleEndian) { bytes += $0 }
    }

    /// A `string`; an empty one is written too.
    mutating func add(_ field: Int, text: String) {
        add(key: field, .lengthDelimited)
        add(varint: UInt64(text.utf8.count))
        bytes += text.utf8
    }

    mutating func add(_ field: Int, message: ProtobufMessage) {
        add(key: field, .lengthDelimited)
        add(varint: UInt64(message.bytes.count))
        bytes += message.bytes
    }

    /// `bytes` that hold numbers as they lie in memory, little-endian on every machine that Hilum runs on.
    mutating func add(_ field: Int, raw numbers: UnsafeRawBufferPointer) {
        add(key: field, .lengthDelimited)
        add(varint: UInt64(numbers.count))
        bytes += numbers
    }

    private mutating func add(key field: Int, _ kind: Kind) { add(varint: UInt64(field) << 3 | kind.rawValue) }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    private mutating func add(varint: UInt64) {
        var rest = varint
        while rest > 0x7f {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
