import Tensors

/// A square convolution of each channel by itself. Tensors `name.weight` `[channels, 1, kernel, kernel]`, as PyTorch stores it,
/// and `name.bias` `[channels]`. The padding keeps the image's size at stride 1.
struct DepthwiseConvolution2D: Sendable {
    /// `[kernel, kernel, channels]`
    let weight: Variable
    let bias: Variable
    let stride: Int
    let padding: Int

    init(
        _ weights: inout ParameterSource, _ name: String, channels: Int, kernel: Int, stride: Int
    ) throws(TensorError) {
        let initial = Initialization.uniform(fanIn: kernel * kernel)
        let stored = try weights.take(name + ".weight", [channels, 1, kernel, kernel], initial)
        weight = try permute(reshape(stored, [channels, kernel, kernel]), [1, 2, 0])
        bias = try weights.take(name + ".bias", [channels], initial)
        (self.stride, padding) = (stride, kernel / 2)
    }

    func callAsFunction(_ x: Variable) throws(TensorError) -> Variable {
        try depthwiseConvolution(x, weight: weight, bias: bias, stride: stride, padding: padding)
    }
}
