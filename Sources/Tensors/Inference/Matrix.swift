import CKernels

/// Rows of numbers that a plan computes: tokens, cells or patches, one a row.
public struct Matrix: Sendable, Hashable {
    /// How elements are stored.
    enum Format: Sendable, Hashable {
        case float32
        case bfloat16
        /// Bytes and a scale a row: an operand of an int8 product, and nothing else.
        case int8

        init(_ precision: Precision) {
            switch precision {
            case .float32: self = .float32
            case .bfloat16: self = .bfloat16
            case .int8: self = .int8
            }
        }

        var kind: Int32 {
            switch self {
            case .float32: Int32(inference_float32)
            case .bfloat16: Int32(inference_bfloat16)
            case .int8: Int32(inference_int8)
            }
        }

        var size: Int {
            switch self {
            case .float32: 4
            case .bfloat16: 2
            case .int8: 1
            }
        }
    }

    let index: Int
    public let rows: Int
    public let columns: Int
    let format: Format

    /// Bytes from row to row: elements padded to 64 bytes, then the scale of bytes.
    var stride: Int { (columns * format.size + 63) / 64 * 64 + (format == .int8 ? 64 : 0) }

    /// Rows in memory: tiles read 16 at a time.
    static func allocated(rows: Int) -> Int { (rows + 15) / 16 * 16 }
}

/// The h-th part of columns, of equal parts, is head h's.
public struct Heads: Sendable {
    let matrix: Matrix
    let firstColumn: Int

    /// - Parameter firstColumn: where the first head's columns begin: queries, keys and values may be side by side.
    public init(_ matrix: Matrix, firstColumn: Int = 0) {
        self.matrix = matrix
        self.firstColumn = firstColumn
    }
}
