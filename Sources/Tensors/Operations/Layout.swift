/// Operations that only move elements. Their backward moves them back.

/// The same elements under another shape.
public func reshape(_ x: Variable, _ shape: Shape) throws(TensorError) -> Variable {
    let value = try x.value.reshaped(shape)
    return try Tape.record("reshape", [x], value) { (gradient) throws(TensorError) in [try gradient.reshaped(x.shape)] }
}

/// Dimension `axes[i]` of `x` becomes dimension i.
public func permute(_ x: Variable, _ axes: [Int]) throws(TensorError) -> Variable {
    let value = try x.value.permuted(axes)
    return try Tape.record("permute", [x], value) { (gradient) throws(TensorError) in
        var inverse = axes
        for (place, axis) in axes.enumerated() { inverse[axis] = place }
        return [try gradient.permuted(inverse)]
    }
}

/// Every token twice along height and width: `[batch, height, width, channels]` to twice the height and width.
public func upsampleNearest(_ x: Variable) throws(TensorError) -> Variable {
    guard x.shape.rank == 4 else {
        throw .shapeMismatch(operation: "upsample", expected: "[batch, height, width, channels]", found: x.shape)
    }
    let (batch, height, width, channels) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    let value = Tensor([batch, 2 * height, 2 * width, channels]) { out in
        x.value.withUnsafeElements { x in
            for row in 0..<batch * 2 * height {
                for column in 0..<2 * width {
                    let source = (row / 2 * width + column / 2) * channels
                    (out.baseAddress! + (row * 2 * width + column) * channels)
                        .initialize(from: x.baseAddress! + source, count: channels)
                }
            }
        }
    }
    return try Tape.record("upsample", [x], value) { (gradient) throws(TensorError) in
        [
            Tensor(x.shape) { out in
                out.initialize(repeating: 0)
                gradient.withUnsafeElements { gradient in
                    for row in 0..<batch * 2 * height {
                        for column in 0..<2 * width {
                            let target = (row / 2 * width + column / 2) * channels
                            let source = (row * 2 * width + column) * channels
                            for c in 0..<channels { out[target + c] += gradient[source + c] }
                        }
                    }
                }
            }
        ]
    }
}

extension Tensor {
    /// Dimension `axes[i]` becomes dimension i. Runs of unmoved innermost dimensions are copied whole.
    public func permuted(_ axes: [Int]) throws(TensorError) -> Tensor {
        guard axes.sorted() == Array(0..<shape.rank) else {
            throw .shapeMismatch(operation: "permute \(axes)", expected: "each dimension once", found: shape)
        }
        var outer = shape.rank
        while outer > 0, axes[outer - 1] == outer - 1 { outer -= 1 }
        let run = shape.extents[outer...].reduce(1, *)
        let steps = axes[..<outer].map { shape.strides[$0] }
        let target = Shape(axes.map { shape[$0] })
        return Tensor(target) { out in
            withUnsafeElements { source in
                guard !source.isEmpty else { return }
                var index = [Int](repeating: 0, count: outer)
                var from = 0
                for to in stride(from: 0, to: out.count, by: run) {
                    (out.baseAddress! + to).initialize(from: source.baseAddress! + from, count: run)
                    var axis = outer - 1
                    while axis >= 0 {
                        index[axis] += 1
                        from += steps[axis]
                        if index[axis] < target[axis] { break }
                        from -= steps[axis] * target[axis]
                        index[axis] = 0
                        axis -= 1
                    }
                }
            }
        }
    }
}
