import Glibc

@testable import Tensors

/// What plans compute, element by element in double precision.
enum Reference {
    /// The kernels that this processor can run, AMX's by its model.
    static func kernels(for precision: Precision) -> [MatrixKernel] {
        var kernels: [MatrixKernel] = [.plain]
        if precision == .float32 { kernels.append(.openBLAS) } else { kernels.append(.tileModel) }
        if Processor.features.isSuperset(of: .reduced) { kernels.append(.avx512) }
        if OneDNNProduct.isInstalled, precision != .float32, Processor.features.contains(.avx512) {
            kernels.append(.oneDNN)
        }
        if Processor.features.contains(.amx), precision != .float32 { kernels.append(.amx) }
        return kernels
    }

    static func bfloat16(_ x: Float) -> Float {
        let bits = x.bitPattern
        return Float(bitPattern: (bits &+ 0x7fff &+ ((bits >> 16) & 1)) & 0xffff_0000)
    }

    /// Bytes of a row and their scale.
    static func bytes(_ row: [Float]) -> (values: [Float], scale: Float) {
        let greatest = row.map(abs).max() ?? 0
        guard greatest > 0 else { return (row, 0) }
        return (row.map { ($0 * (127 / greatest)).rounded(.toNearestOrEven) }, greatest / 127)
    }

    /// The operand as a product in this precision sees it.
    static func seen(_ x: Tensor, _ precision: Precision) -> [[Double]] {
        let n = x.shape.last
        return (0..<x.shape.rows).map { r in
            let row = Array(x.elements[r * n..<(r + 1) * n])
            switch precision {
            case .float32: return row.map(Double.init)
            case .bfloat16: return row.map { Double(bfloat16($0)) }
            case .int8:
                let (values, scale) = bytes(row)
                return values.map { Double($0) * Double(scale) }
            }
        }
    }

    static func gelu(_ x: Double) -> Double {
        0.5 * x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))
    }

    static func product(
        _ x: Tensor, _ weight: Tensor, _ bias: Tensor, _ precision: Precision, isGELU: Bool = false
    ) -> [Float] {
        let (a, w) = (seen(x, precision), seen(weight, precision))
        let b = bias.elements
        return a.flatMap { row in
            w.enumerated().map { n, column in
                // Plain loops: debug builds take ten times as long over sequences.
                var sum = Double(b[n])
                for k in row.indices { sum += row[k] * column[k] }
                return Float(isGELU ? gelu(sum) : sum)
            }
        }
    }
}

func backends(_ precision: Precision) -> [Backend] {
    Reference.kernels(for: precision).map {
        Backend(precision: precision, kernel: $0, float32Kernel: precision == .float32 ? $0 : .plain)
    }
}
