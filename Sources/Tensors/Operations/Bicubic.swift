/// Cubic convolution (Keys 1981, a = -0.75) over `[height, width, channels]`, edges repeated, pixels aligned at the image's
/// edges: PyTorch's `interpolate(mode="bicubic", align_corners=False)`.
///
/// - Returns: `[newHeight, newWidth, channels]`; `x` itself when nothing changes.
public func resizeBicubic(_ x: Variable, height: Int, width: Int) throws(TensorError) -> Variable {
    guard x.shape.rank == 3, x.shape.count > 0, height > 0, width > 0 else {
        throw .shapeMismatch(operation: "bicubic resize", expected: "[height, width, channels]", found: x.shape)
    }
    let (oldHeight, oldWidth, channels) = (x.shape[0], x.shape[1], x.shape[2])
    if (oldHeight, oldWidth) == (height, width) { return x }
    let down = cubicWeights(from: oldHeight, to: height)
    let across = cubicWeights(from: oldWidth, to: width)
    let rows = try matrixProduct(down, x.value.reshaped([oldHeight, oldWidth * channels]))
    let value = try columns(of: rows, times: across, [height, oldWidth, channels])
    return try Tape.record("bicubic resize", [x], value) { (gradient) throws(TensorError) in
        let back = try columns(of: gradient, times: across.permuted([1, 0]), [height, width, channels])
        let whole = try matrixProduct(down, transposeA: true, back.reshaped([height, oldWidth * channels]))
        return [try whole.reshaped(x.shape)]
    }
}

/// `weights` `[new, old]` applied along the second dimension of `x`, whose shape is `[rows, old, channels]`.
private func columns(of x: Tensor, times weights: Tensor, _ shape: Shape) throws(TensorError) -> Tensor {
    let (rows, old, channels) = (shape[0], shape[1], shape[2])
    let new = weights.shape[0]
    return Tensor([rows, new, channels]) { out in
        withElements(weights, x) { weights, x in
            for row in 0..<rows {
                BLAS.multiply(
                    weights, x + row * old * channels, into: out.baseAddress! + row * new * channels, rows: new,
                    columns: channels, inner: old, strides: (old, channels, channels))
            }
        }
    }
}

/// `[new, old]`: how much of each old place a new one takes.
private func cubicWeights(from old: Int, to new: Int) -> Tensor {
    let a: Float = -0.75
    let scale = Float(old) / Float(new)
    return Tensor([new, old]) { out in
        out.initialize(repeating: 0)
        for place in 0..<new {
            let source = (Float(place) + 0.5) * scale - 0.5
            let first = source.rounded(.down)
            let t = source - first
            func near(_ d: Float) -> Float { ((a + 2) * d - (a + 3)) * d * d + 1 }
            func far(_ d: Float) -> Float { ((a * d - 5 * a) * d + 8 * a) * d - 4 * a }
            for (offset, weight) in [far(t + 1), near(t), near(1 - t), far(2 - t)].enumerated() {
                out[place * old + min(max(Int(first) + offset - 1, 0), old - 1)] += weight
            }
        }
    }
}
