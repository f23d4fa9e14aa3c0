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

/// The product of two matrices.
///
/// - Parameters: `a` is `[rows, inner]`, `b` `[inner, columns]`; either may be stored transposed.
/// - Throws: `TensorError.shapeMismatch` unless both are matrices whose inner extents agree.
public func matrixProduct(
    _ a: Tensor, transposeA: Bool = false, _ b: Tensor, transposeB: Bool = false
) throws(TensorError) -> Tensor {
    guard a.shape.rank == 2 else {
        throw .shapeMismatch(operation: "matrix product", expected: "a matrix", found: a.shape)
    }
    let (rows, inner) = transposeA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
    guard b.shape.rank == 2, inner == (transposeB ? b.shape[1] : b.shape[0]), inner > 0 else {
        throw .shapeMismatch(operation: "matrix product", expected: "\(inner) inner elements", found: b.shape)
    }
    let columns = transposeB ? b.shape[0] : b.shape[1]
    return Tensor([rows, columns]) { out in
        withElements(a, b) { p, q in
            BLAS.multiply(
                p, transposeA: transposeA, q, transposeB: transposeB, into: out.baseAddress!, rows: rows,
                columns: columns, inner: inner, strides: (a.shape[1], b.shape[1], columns))
        }
    }
}

/// `matrixProduct` on the tape: da = dc bᵀ, db = aᵀ dc.
public func matrixProduct(_ a: Variable, _ b: Variable) throws(TensorError) -> Variable {
    let value = try matrixProduct(a.value, b.value)
    return try Tape.record("matrix product", [a, b], value) { (gradient) throws(TensorError) in
        [
            a.isRecorded ? try matrixProduct(gradient, b.value, transposeB: true) : nil,
            b.isRecorded ? try matrixProduct(a.value, transposeA: true, gradient) : nil,
        ]
    }
}
