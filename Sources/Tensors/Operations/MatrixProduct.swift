import COpenBLAS

/// Loads OpenBLAS, which every matrix product needs.
/// - Throws: `TensorError.noMatrixLibrary` when the system has none. To be asked before the first product: whoever loads
///   weights does.
public func loadMatrixLibrary() throws(TensorError) {
    guard openblas_load() != 0 else { throw .noMatrixLibrary }
}

/// Matrix products on OpenBLAS, one thread: items run in parallel, and the bits do not depend on the thread count.
enum BLAS {
    private static let isLoaded = openblas_load() != 0

    /// `c = scale * op(a) * op(b) + keep * c`, row-major; `op(a)` is `[rows, inner]`, `op(b)` `[inner, columns]`.
    ///
    /// `strides` are the elements between rows of a, b and c as stored: a head's slice of wider rows needs no copy.
    static func multiply(
        _ a: UnsafePointer<Float>, transposeA: Bool = false,
        _ b: UnsafePointer<Float>, transposeB: Bool = false,
        into c: UnsafeMutablePointer<Float>, rows: Int, columns: Int, inner: Int,
        strides: (a: Int, b: Int, c: Int), scale: Float = 1, keep: Float = 0
    ) {
        precondition(isLoaded, TensorError.noMatrixLibrary.description)
        if rows == 0 || columns == 0 { return }
        openblas_multiply(
            transposeA ? 1 : 0, transposeB ? 1 : 0, .init(rows), .init(columns), .init(inner), scale, a,
            .init(strides.a), b, .init(strides.b), keep, c, .init(strides.c))
    }
}

/// The product of two matrices, and `bias` `[columns]` added to each row.
///
/// - Parameters:
///   - a: `[rows, inner]`; `b` is `[inner, columns]`; either may be stored transposed.
///   - precision: `.bfloat16` rounds the operands to it; `.float32` computes with them as they are.
/// - Throws: `TensorError.shapeMismatch` unless both are matrices whose inner extents agree.
public func matrixProduct(
    _ a: Tensor, transposeA: Bool = false, _ b: Tensor, transposeB: Bool = false, bias: Tensor? = nil,
    in precision: Precision = .float32
) throws(TensorError) -> Tensor {
    guard a.shape.rank == 2 else {
        throw .shapeMismatch(operation: "matrix product", expected: "a matrix", found: a.shape)
    }
    let (rows, inner) = transposeA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
    guard b.shape.rank == 2, inner == (transposeB ? b.shape[1] : b.shape[0]), inner > 0 else {
        throw .shapeMismatch(operation: "matrix product", expected: "\(inner) inner elements", found: b.shape)
    }
    let columns = transposeB ? b.shape[0] : b.shape[1]
    if let bias, bias.shape != [columns] {
        throw .shapeMismatch(operation: "matrix product bias", expected: "[\(columns)]", found: bias.shape)
    }
    let multiply = precision == .float32 ? BLAS.multiply : MixedProduct.multiply
    return Tensor([rows, columns]) { out in
        withElements(a, b) { p, q in
            func run(_ bias: UnsafePointer<Float>?) {
                multiply(p, transposeA, q, transposeB, bias, out.baseAddress!, rows, columns, inner)
            }
            if let bias { bias.withUnsafeElements { run($0.baseAddress) } } else { run(nil) }
        }
    }
}

/// `matrixProduct` on the tape: da = dc bᵀ, db = aᵀ dc.
public func matrixProduct(_ a: Variable, _ b: Variable) throws(TensorError) -> Variable {
    let precision = Tape.products(of: [a, b])
    let value = try matrixProduct(a.value, b.value, in: precision)
    return try Tape.record("matrix product", [a, b], value) { (gradient) throws(TensorError) in
        [
            a.isRecorded ? try matrixProduct(gradient, b.value, transposeB: true, in: precision) : nil,
            b.isRecorded ? try matrixProduct(a.value, transposeA: true, gradient, in: precision) : nil,
        ]
    }
}
