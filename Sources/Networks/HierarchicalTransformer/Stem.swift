import Tensors

/// The convolutional stem: 4 x 4 pixels at stride 4, then 3 x 3 at stride 2. One token for each 8 x 8 pixels.
///
/// `[batch, height, width, 1]` to `[batch, height / 8, width / 8, channels]`.
struct Stem: Sendable {
    let conv1: Convolution2D
    let norm1: Normalization
    let conv2: Convolution2D
    let norm2: Normalization

    init(_ weights: inout ParameterSource, _ name: String, middle: Int, channels: Int) throws(TensorError) {
        conv1 = try Convolution2D(&weights, name + ".conv1", from: 1, to: middle, kernel: 4, stride: 4)
        norm1 = try Normalization(&weights, name + ".norm1", middle)
        conv2 = try Convolution2D(
            &weights, name + ".conv2", from: middle, to: channels, kernel: 3, stride: 2, padding: 1)
        norm2 = try Normalization(&weights, name + ".norm2", channels)
    }

    func callAsFunction(_ image: Variable) throws(TensorError) -> Variable {
        try norm2(conv2(gelu(norm1(conv1(image)))))
    }
}
