import CKernels

/// The weights of a product in the order in which its kernel reads them.
struct PackedWeights: Sendable {
    let precision: Precision
    let kernel: MatrixKernel
    let columns: Int
    let inner: Int
    let isGELU: Bool
    private let units: Int
    private let packed: Storage
    private let bias: Storage
    /// int8: scales, then offsets.
    private let scales: Storage?
    /// Where oneDNN multiplies.
    let oneDNN: OneDNNProduct?

    /// - Parameters: `weight` is `[columns, inner]`, `bias` `[columns]`.
    init(weight: Tensor, bias: Tensor, precision: Precision, kernel: MatrixKernel, isGELU: Bool) {
        (columns, inner) = (weight.shape[0], weight.shape[1])
        (self.precision, self.kernel, self.isGELU) = (precision, kernel, isGELU)
        let size = precision == .float32 ? 4 : precision == .bfloat16 ? 2 : 1
        units = (inner * size + 63) / 64 * 16
        let biases = Storage(count: columns)
        bias.withUnsafeElements { biases.base.update(from: $0.baseAddress!, count: $0.count) }
        self.bias = biases
        oneDNN = kernel == .oneDNN ? OneDNNProduct(weight: weight, precision: precision) : nil
        if let oneDNN {
            (packed, scales) = (Storage(count: 0), oneDNN.scales)
            return
        }
        if kernel == .openBLAS {
            let plain = Storage(count: weight.count)
            weight.withUnsafeElements { plain.base.update(from: $0.baseAddress!, count: $0.count) }
            (packed, scales) = (plain, nil)
            return
        }
        let (kind, columns, inner) = (precision.kind, columns, inner)
        let target = Storage(count: inference_packed_bytes(kind, columns, inner) / 4, inHugePages: true)
        let numbers = precision == .int8 ? Storage(count: 2 * columns) : nil
        weight.withUnsafeElements { weights in
            let offsets = numbers.map { UnsafeMutableRawPointer($0.base + columns).assumingMemoryBound(to: Int32.self) }
            inference_pack(kind, weights.baseAddress!, columns, inner, target.base, numbers?.base, offsets)
        }
        (packed, scales) = (target, numbers)
    }

    /// Bytes in memory.
    var byteCount: Int {
        oneDNN.map { $0.byteCount + 4 * bias.count } ?? 4 * (packed.count + bias.count + (scales?.count ?? 0))
    }

    /// Whether a whole block of rows is multiplied at once by a library, before what follows.
    var isMultipliedByLibrary: Bool { kernel == .openBLAS || kernel == .oneDNN }

    /// For the length of a C call.
    func withDescription<Result>(_ body: (UnsafePointer<inference_weights>, UnsafePointer<Float>) -> Result) -> Result {
        withExtendedLifetime((packed, bias, scales)) {
            var description = inference_weights(
                kernel: kernel.number, kind: precision.kind,
                activation: Int32(isGELU ? inference_gelu : inference_no_activation), units: units, columns: columns,
                packed: packed.base, bias: bias.base, scales: scales?.base,
                offsets: scales.map { UnsafeRawPointer($0.base + columns).assumingMemoryBound(to: Int32.self) })
            return body(&description, packed.base)
        }
    }
}
