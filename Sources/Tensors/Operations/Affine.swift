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
    let precision = Tape.products(of: [x, weight, bias])
    let shape = Shape(x.shape.extents.dropLast() + [columns])
    let input = try x.value.reshaped([rows, inner])
    let value = try matrixProduct(input, weight.value, transposeB: true, bias: bias.value, in: precision)
    return try Tape.record("affine", [x, weight, bias], value.reshaped(shape)) { (gradient) throws(TensorError) in
        let flat = try gradient.reshaped([rows, columns])
        return [
            x.isRecorded ? try matrixProduct(flat, weight.value, in: precision).reshaped(x.shape) : nil,
            weight.isRecorded ? try matrixProduct(flat, transposeA: true, input, in: precision) : nil,
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
