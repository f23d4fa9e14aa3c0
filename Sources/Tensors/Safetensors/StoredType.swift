/// How a safetensors file holds a tensor.
public enum StoredType: String, Sendable, Hashable {
    case float32 = "F32"
    case bfloat16 = "BF16"
    /// Bytes, one scale for each index of the first dimension: the tensor `NAME.scale`, F32.
    case int8 = "I8"

    /// Bytes an element.
    var size: Int {
        switch self {
        case .float32: 4
        case .bfloat16: 2
        case .int8: 1
        }
    }

    /// The name of the scales of an int8 tensor.
    static func scaleName(_ name: String) -> String { name + ".scale" }

    /// A float32 for each stored element; int8 not yet scaled.
    func expand(_ bytes: UnsafeRawBufferPointer, into out: UnsafeMutableBufferPointer<Float>) {
        switch self {
        case .float32: UnsafeMutableRawBufferPointer(out).copyMemory(from: bytes)
        case .bfloat16:
            for index in out.indices {
                let half = bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
                out[index] = Float(bitPattern: UInt32(UInt16(littleEndian: half)) << 16)
            }
        case .int8: for index in out.indices { out[index] = Float(Int8(bitPattern: bytes[index])) }
        }
    }

    /// Stored bytes, and the scales of int8.
    func pack(_ tensor: Tensor) -> (bytes: [UInt8], scales: Tensor?) {
        tensor.withUnsafeElements { elements in
            switch self {
            case .float32: return ([UInt8](UnsafeRawBufferPointer(elements)), nil)
            case .bfloat16:
                var bytes: [UInt8] = []
                bytes.reserveCapacity(2 * elements.count)
                for element in elements {
                    let bits = element.bitPattern
                    let half = UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16)
                    bytes.append(UInt8(half & 0xff))
                    bytes.append(UInt8(half >> 8))
                }
                return (bytes, nil)
            case .int8:
                let rows = tensor.shape[0]
                let length = elements.count / max(rows, 1)
                var (bytes, scales): ([UInt8], [Float]) = ([], [])
                bytes.reserveCapacity(elements.count)
                for row in 0..<rows {
                    let values = elements[row * length..<(row + 1) * length]
                    let greatest = values.reduce(0) { max($0, abs($1)) }
                    scales.append(greatest / 127)
                    // Below that the quotient overflows: the row is zero.
                    let inverse = greatest < 127 / Float.greatestFiniteMagnitude ? 0 : 127 / greatest
                    for value in values {
                        bytes.append(UInt8(bitPattern: Int8((value * inverse).rounded(.toNearestOrEven))))
                    }
                }
                return (bytes, Tensor([rows]) { _ = $0.initialize(from: scales) })
            }
        }
    }
}
