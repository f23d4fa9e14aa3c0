import CKernels
import COneDNN

/// A product's weights in oneDNN's order, with a primitive for each number of rows that a plan computes at once.
///
/// Unchecked: written while a plan is built, by one thread, and only read afterwards.
final class OneDNNProduct: @unchecked Sendable {
    private let precision: Precision
    private let columns: Int
    private let inner: Int
    private let weights: Storage
    /// int8: scales, then offsets, as our own kernels have them.
    let scales: Storage?
    private var primitives: [Int: (product: OpaquePointer, packed: Storage)] = [:]
    private(set) var scratchBytes = 0

    static var isInstalled: Bool { onednn_load() != 0 }

    /// - Parameter weight: `[columns, inner]`.
    init(weight: Tensor, precision: Precision) {
        self.precision = precision
        (columns, inner) = (weight.shape[0], weight.shape[1])
        let (bytes, scales) = (precision == .int8 ? StoredType.int8 : .bfloat16).pack(weight)
        let plain = Storage(count: (bytes.count + 3) / 4)
        UnsafeMutableRawPointer(plain.base).copyMemory(from: bytes, byteCount: bytes.count)
        weights = plain
        self.scales = scales.map { scales in
            let numbers = Storage(count: 2 * scales.count)
            scales.withUnsafeElements { numbers.base.update(from: $0.baseAddress!, count: $0.count) }
            let offsets = UnsafeMutableRawPointer(numbers.base + scales.count)
            let length = weight.shape[1]
            for row in 0..<scales.count {
                let sum = bytes[row * length..<(row + 1) * length].reduce(0) { $0 + Int32(Int8(bitPattern: $1)) }
                offsets.storeBytes(of: 128 * sum, toByteOffset: 4 * row, as: Int32.self)
            }
            return numbers
        }
    }

    deinit { for (product, _) in primitives.values { onednn_product_destroy(product) } }

    /// Makes ready for blocks of so many rows, `stride` bytes apart.
    ///
    /// - Throws: `TensorError.noProduct` when oneDNN has no kernel for it here.
    func prepare(rows: Int, stride: Int) throws(TensorError) {
        if rows == 0 || primitives[rows] != nil { return }
        let (kind, size) = precision == .int8 ? (onednn_int8, 1) : (onednn_bfloat16, 2)
        guard let product = onednn_product_create(Int32(kind), rows, columns, inner, stride / size) else {
            throw .noProduct(library: "oneDNN", precision: precision.rawValue)
        }
        var packed = primitives.values.first { onednn_product_shares_weights($0.product, product) != 0 }?.packed
        if packed == nil {
            let target = Storage(count: onednn_product_packed_bytes(product) / 4 + 1, inHugePages: true)
            guard onednn_product_pack(product, weights.base, target.base) != 0 else {
                onednn_product_destroy(product)
                throw .noProduct(library: "oneDNN", precision: precision.rawValue)
            }
            packed = target
        }
        scratchBytes = max(scratchBytes, onednn_product_scratch_bytes(product))
        if let packed { primitives[rows] = (product, packed) }
    }

    /// `out = a Wᵀ`, float32 or int32, for a number of rows that was prepared.
    func run(rows: Int, _ a: UnsafeRawPointer, scratch: UnsafeMutableRawPointer, out: UnsafeMutableRawPointer) {
        guard let (product, packed) = primitives[rows],
            onednn_product_run(product, a, packed.base, scratch, out) != 0
        else { preconditionFailure("oneDNN failed in a product that it had accepted") }
    }

    /// Bytes in memory.
    var byteCount: Int {
        4 * (weights.count + (scales?.count ?? 0))
            + Set(primitives.values.map { ObjectIdentifier($0.packed) }).count * columns * inner
            * (precision == .int8 ? 1 : 2)
    }
}
