import Tensors

/// One lesion logit for each cell of stride 8: a coarse mask of the whole image.
struct MaskHead: Sendable {
    let conv: Convolution2D
    let norm: Normalization
    let output: Linear

    init(_ weights: inout ParameterSource, _ name: String, channels: Int, middle: Int) throws(TensorError) {
        conv = try Convolution2D(&weights, name + ".conv", from: channels, to: middle, kernel: 3, padding: 1)
        norm = try Normalization(&weights, name + ".norm", middle)
        output = try Linear(
            &weights, name + ".output", from: middle, to: 1, initial: (.normal(deviation: 0.01), .constant(-2)))
    }

    /// `[batch, height, width, channels]` to `[batch, height, width, 1]`.
    func callAsFunction(_ level: Variable) throws(TensorError) -> Variable { try output(gelu(norm(conv(level)))) }
}
