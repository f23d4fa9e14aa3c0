/// The type of a tensor's elements in a file, little endian.
enum ElementType: String, CaseIterable, Sendable {
    case float32
    /// IEEE 754 binary16: 11 bits of precision, up to 65504.
    case float16
    /// The upper half of Float32: 8 bits of precision, the range of Float32.
    case bfloat16
    /// Intensities in [0, 1] times 255.
    case uint8

    /// Bytes.
    var size: Int {
        switch self {
        case .float32: 4
        case .float16, .bfloat16: 2
        case .uint8: 1
        }
    }

    /// As NumPy writes it; nil where NumPy has no such type.
    var numpyName: String? {
        switch self {
        case .float32: "<f4"
        case .float16: "<f2"
        case .bfloat16: nil
        case .uint8: "|u1"
        }
    }

    var safetensorsName: String {
        switch self {
        case .float32: "F32"
        case .float16: "F16"
        case .bfloat16: "BF16"
        case .uint8: "U8"
        }
    }
}
