import Tensors

/// Layers as steps of a plan. `residual` is the stream that blocks add to; it stays float32.

extension Linear {
    /// - Parameters:
    ///   - precision: the backend's unless said otherwise: first and last layers stay finer than int8.
    ///   - result: how the result is stored; float32 wherever it is added to or handed out.
    func plan(
        _ builder: PlanBuilder, _ x: Matrix, isGELU: Bool = false, adding residual: Addend = .nothing,
        in precision: Precision? = nil, as result: Precision
    ) throws(TensorError) -> Matrix {
        try builder.product(
            x, weight: weight.value, bias: bias.value, isGELU: isGELU, adding: residual, in: precision, as: result)
    }
}

extension Normalization {
    func plan(
        _ builder: PlanBuilder, _ x: Matrix, isGELU: Bool = false, adding addend: Tensor? = nil, as result: Precision
    ) throws(TensorError) -> Matrix {
        try builder.normalized(
            x, gain: gain.value, bias: bias.value, isGELU: isGELU, adding: addend, as: result)
    }
}

extension Convolution2D {
    /// - Parameter patches: one window of the image a row, `[tokens, kernel * kernel * in]`.
    func plan(
        _ builder: PlanBuilder, patches: Matrix, adding residual: Addend = .nothing, in precision: Precision? = nil,
        as result: Precision
    ) throws(TensorError) -> Matrix {
        let flat = try weight.value.reshaped([weight.shape[0], weight.shape.count / weight.shape[0]])
        return try builder.product(
            patches, weight: flat, bias: bias.value, adding: residual, in: precision, as: result)
    }
}

extension TransformerBlock {
    /// - Parameters:
    ///   - residual: `[images * tokens, channels]`, image after image.
    func plan(_ builder: PlanBuilder, _ residual: Matrix, images: Int) throws(TensorError) -> Matrix {
        let channels = residual.columns
        let operand = builder.backend.precision
        let normed = try norm1.plan(builder, residual, as: operand)
        let together = try qkv.plan(builder, normed, as: builder.activationPrecision)
        let mixed = try builder.attention(
            Heads(together), Heads(together, firstColumn: channels), Heads(together, firstColumn: 2 * channels),
            images: images, heads: heads, channels: channels)
        let attended = try proj.plan(builder, mixed, adding: .matrix(residual), as: .float32)
        let inner = try perceptron.fc1.plan(
            builder, norm2.plan(builder, attended, as: operand), isGELU: true, as: builder.activationPrecision)
        return try perceptron.fc2.plan(builder, inner, adding: .matrix(attended), as: .float32)
    }
}
