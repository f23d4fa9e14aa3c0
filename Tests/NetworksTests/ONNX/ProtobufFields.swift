/// The fields of a message of Protocol Buffers, read back: just enough for what `ProtobufMessage` writes.
struct ProtobufFields {
    enum Field: Hashable {
        case varint(UInt64)
        case fixed32(UInt32)
        case bytes([UInt8])
    }

    private var fields: [(number: Int, field: Field)] = []

    init?(_ bytes: some Collection<UInt8>) {
        var rest = Array(bytes)[...]
        func varint() -> UInt64? {
            var (value, shift): (UInt64, UInt64) = (0, 0)
            while let byte = rest.popFirst(), shift < 64 {
                value |= UInt64(byte & 0x7f) << shift
                if byte < 0x80 { return value }
                shift += 7
            }
            return nil
        }
        while !rest.isEmpty {
            guard let key = varint() else { return nil }
            let field: Field
            switch key & 7 {
            case 0:
                guard let value = varint() else { return nil }
                field = .varint(value)
            case 2:
                guard let count = varint(), rest.count >= count else { return nil }
                field = .bytes(Array(rest.prefix(Int(count))))
                rest = rest.dropFirst(Int(count))
            case 5:
                guard rest.count >= 4 else { return nil }
                field = .fixed32(rest.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) })
                rest = rest.dropFirst(4)
            default: return nil
            }
            fields.append((Int(key >> 3), field))
        }
    }

    func bytes(_ number: Int) -> [[UInt8]] {
        fields.compactMap { if $0.number == number, case .bytes(let bytes) = $0.field { bytes } else { nil } }
    }

    func integers(_ number: Int) -> [Int] {
        fields.compactMap {
            if $0.number == number, case .varint(let value) = $0.field { Int(Int64(bitPattern: value)) } else { nil }
        }
    }

    func texts(_ number: Int) -> [String] { bytes(number).map { String(decoding: $0, as: UTF8.self) } }
    func text(_ number: Int) -> String { texts(number).first ?? "" }
    func messages(_ number: Int) -> [ProtobufFields] { bytes(number).compactMap { ProtobufFields($0) } }
}
