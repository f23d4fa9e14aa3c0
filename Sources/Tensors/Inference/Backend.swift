import CKernels

/// How numbers are held while a network computes without derivatives.
public enum Precision: String, CaseIterable, Sendable {
    case float32 = "fp32"
    /// Products of bfloat16 added in float32; normalisation, softmax and activations in float32.
    case bfloat16 = "bf16"
    /// Products of bytes added in whole numbers: weights with one scale a channel, activations with one a token.
    case int8

    var kind: Int32 {
        switch self {
        case .float32: Int32(inference_float32)
        case .bfloat16: Int32(inference_bfloat16)
        case .int8: Int32(inference_int8)
        }
    }
}

/// What multiplies.
public enum MatrixKernel: String, CaseIterable, Sendable {
    /// OpenBLAS, float32 only.
    case openBLAS = "OpenBLAS"
    /// Plain loops: right everywhere, slow everywhere.
    case plain = "plain C"
    case avx512 = "AVX-512"
    case amx = "AMX"
    /// oneDNN, one thread a block; bfloat16 and int8 only. Attention stays with our own kernels, which it has none for.
    case oneDNN
    /// AMX's tiles played by plain C, to test the AMX kernel on any processor.
    case tileModel = "AMX model"

    var number: Int32 {
        switch self {
        case .openBLAS, .plain: Int32(inference_plain)
        // For what surrounds its products.
        case .oneDNN: Int32(Processor.features.isSuperset(of: .reduced) ? inference_avx512 : inference_plain)
        case .avx512: Int32(inference_avx512)
        case .amx: Int32(inference_amx)
        case .tileModel: Int32(inference_tile_model)
        }
    }
}

/// A precision and what multiplies in it on this processor.
public struct Backend: Hashable, Sendable, CustomStringConvertible {
    public var precision: Precision
    /// Multiplies what is in `precision`.
    public var kernel: MatrixKernel
    /// Multiplies what stays in float32.
    public var float32Kernel: MatrixKernel

    public init(precision: Precision, kernel: MatrixKernel, float32Kernel: MatrixKernel) {
        self.precision = precision
        self.kernel = kernel
        self.float32Kernel = float32Kernel
    }

    /// The fastest of this processor for a precision.
    public init(_ precision: Precision) {
        let wide: MatrixKernel = Processor.features.isSuperset(of: .reduced) ? .avx512 : .openBLAS
        self.init(
            precision: precision, kernel: precision == .float32 ? wide : Processor.reducedKernel, float32Kernel: wide)
    }

    /// The precision asked for, bfloat16 if none; float32 where the processor multiplies nothing shorter.
    public static func preferred(_ precision: Precision? = nil) -> Backend {
        Backend(Processor.reducedKernel == .plain ? .float32 : precision ?? .bfloat16)
    }

    public var description: String { "\(precision.rawValue) on \(kernel.rawValue)" }

    /// What multiplies in a precision that a plan uses beside its own.
    func kernel(for precision: Precision) -> MatrixKernel { precision == .float32 ? float32Kernel : kernel }
}

/// What this processor offers, asked of the processor itself.
public struct Processor: OptionSet, Sendable, CustomStringConvertible {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let avx512 = Processor(rawValue: UInt32(processor_avx512))
    public static let bfloat16 = Processor(rawValue: UInt32(processor_bfloat16))
    public static let vnni = Processor(rawValue: UInt32(processor_vnni))
    /// Tiles of bfloat16 and bytes, and the system's leave to use them.
    public static let amx = Processor(rawValue: UInt32(processor_amx))

    /// What our kernels need to multiply bfloat16 and bytes.
    static let reduced: Processor = [.avx512, .bfloat16, .vnni]

    public static let features = Processor(rawValue: UInt32(processor_features()))

    public var description: String {
        let names: [(Processor, String)] = [
            (.avx512, "AVX-512"), (.bfloat16, "BF16"), (.vnni, "VNNI"), (.amx, "AMX"),
        ]
        let found = names.filter { contains($0.0) }.map(\.1)
        return found.isEmpty ? "no AVX-512" : found.joined(separator: ", ")
    }

    /// What multiplies bfloat16 and bytes. Our AMX kernel must first give what AVX-512 gives, for no processor of ours has run
    /// it; oneDNN's takes its place when it does not.
    static let reducedKernel: MatrixKernel = {
        guard features.isSuperset(of: .reduced) else { return .plain }
        guard features.contains(.amx) else { return .avx512 }
        return tilesAgree() ? .amx : OneDNNProduct.isInstalled ? .oneDNN : .avx512
    }()

    /// Compares the AMX kernel with the AVX-512 one on a small product: bytes exactly, bfloat16 up to the order of sums.
    private static func tilesAgree() -> Bool {
        func product(_ kernel: MatrixKernel, _ precision: Precision) -> [Float] {
            let (rows, columns, inner) = (37, 51, 160)
            let a = Tensor([rows, inner]) { out in for i in out.indices { out[i] = Float(i * 37 % 101) / 50 - 1 } }
            let w = Tensor([columns, inner]) { out in for i in out.indices { out[i] = Float(i * 53 % 97) / 48 - 1 } }
            let plan = try? Plan(Backend(precision: precision, kernel: kernel, float32Kernel: .avx512)) {
                (builder) throws(TensorError) in
                let x = builder.input(rows: rows, columns: inner)
                return [try builder.product(x, weight: w, bias: .zeros([columns]), as: .float32)]
            }
            return (try? plan?.run(a).first?.elements) ?? []
        }
        let close = zip(product(.amx, .bfloat16), product(.avx512, .bfloat16)).allSatisfy { abs($0 - $1) < 1e-3 }
        let bytes = product(.amx, .int8)
        return close && !bytes.isEmpty && bytes == product(.avx512, .int8)
    }
}
