import Tensors

/// A block of MobileNetV2 (Sandler et al. 2018): channels are widened, filtered one by one and narrowed again, with ReLU6 around
/// the filter alone; where nothing changes its shape, the input is added. Batch normalisation is folded into the weights.
///
/// `[batch, height, width, channels]` in and out. Tensors `name.expand`, `name.depthwise`, `name.project`; the first and the
/// last are 1 x 1 convolutions, `[out, in, 1, 1]`.
struct InvertedResidual: Sendable {
    /// What a block of a network is like.
    struct Extents: Sendable, Hashable {
        var input: Int
        var output: Int
        /// How many times wider the filter is than the input.
        var expansion: Int
        var kernel: Int
        var stride: Int

        var isResidual: Bool { stride == 1 && input == output }
    }

    let extents: Extents
    /// Nil where nothing is widened; the input is clipped all the same.
    let expand: Linear?
    let depthwise: DepthwiseConvolution2D
    let project: Linear

    init(_ weights: inout ParameterSource, _ name: String, _ extents: Extents) throws(TensorError) {
        let wide = extents.input * extents.expansion
        self.extents = extents
        expand =
            extents.expansion == 1
            ? nil : try Linear(pointwise: &weights, name + ".expand", from: extents.input, to: wide)
        depthwise = try DepthwiseConvolution2D(
            &weights, name + ".depthwise", channels: wide, kernel: extents.kernel, stride: extents.stride)
        project = try Linear(pointwise: &weights, name + ".project", from: wide, to: extents.output)
    }

    func callAsFunction(_ x: Variable) throws(TensorError) -> Variable {
        let wide = if let expand { try expand(x) } else { x }
        let narrow = try project(relu6(depthwise(relu6(wide))))
        return extents.isResidual ? try add(x, narrow) : narrow
    }
}

extension Linear {
    /// A 1 x 1 convolution: a linear layer over channels.
    fileprivate init(
        pointwise weights: inout ParameterSource, _ name: String, from input: Int, to output: Int
    ) throws(TensorError) {
        let initial = Initialization.uniform(fanIn: input)
        self.init(
            weight: try reshape(weights.take(name + ".weight", [output, input, 1, 1], initial), [output, input]),
            bias: try weights.take(name + ".bias", [output], initial))
    }
}
