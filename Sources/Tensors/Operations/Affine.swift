import CKernels

/// `y = x Wᵀ + b` over the innermost dimension, as in PyTorch's `nn.Linear`.
///
/// - Parameters: `x` is `[.., in]`, `weight` `[out, in]`, `bias` `[out]`; the result is `[.., out]`.
public func affine(_ x: Variable, weight: Variable, bias: Variable) throws(TensorError) -> Variable {
    let rows = x.shape.rows
    let inner = x.shape.last
    guard weight.shape.rank == 2, weight.shape[1] == inner, inner > 0 else {
        throw .shapeMismatch(operation: "affine weight", expected: "[out, \(inner)]", found: weight.shape)
    }
    let columns = weight.shape[0]
    guard bias.shape == [columns] else {
        throw .shapeMismatch(operation: "affine bias", expected: "[\(columns)]", found: bias.shape)
    }
    let shape = Shape(x.shape.extents.dropLast() + [columns])
    let value = Tensor(shape) { out in
        withElements(x.value, weight.value, bias.value) { x, w, b in
            for row in 0..<rows { (out.baseAddress! + row * columns).update(from: b, count: columns) }
            BLAS.multiply(
                x, w, transposeB: true, into: out.baseAddress!, rows: rows, columns: columns, inner: inner,
                strides: (inner, inner, columns), keep: 1)
        }
    }
    return try Tape.record("affine", [x, weight, bias], value) { (gradient) throws(TensorError) in
        let flat = try gradient.reshaped([rows, columns])
        let input = try x.value.reshaped([rows, inner])
        return [
            x.isRecorded ? try matrixProduct(flat, weight.value).reshaped(x.shape) : nil,
            weight.isRecorded ? try matrixProduct(flat, transposeA: true, input) : nil,
            bias.isRecorded ? flat.sumOfRows() : nil,
        ]
    }
}

extension Tensor {
    /// The sum over all dimensions but the innermost: `[last]`.
    func sumOfRows() -> Tensor {
        Tensor([shape.last]) { out in
            withUnsafeElements { network_sum_rows($0.baseAddress!, out.baseAddress!, shape.rows, shape.last) }
        }
    }
}
