import Tensors

/// A square convolution over `[batch, height, width, channels]`. Tensors `name.weight` `[out, in, kernel, kernel]`, as
/// PyTorch stores it, and `name.bias` `[out]`.
struct Convolution2D: Sendable {
    /// `[out, kernel, kernel, in]`
    let weight: Variable
    let bias: Variable
    let stride: Int
    let padding: Int

    init(
        _ weights: inout ParameterSource, _ name: String, from input: Int, to output: Int, kernel: Int, stride: Int = 1,
        padding: Int = 0
    ) throws(TensorError) {
        let initial = Initialization.uniform(fanIn: input * kernel * kernel)
        weight = try permute(
            weights.take(name + ".weight", [output, input, kernel, kernel], initial), [0, 2, 3, 1])
        bias = try weights.take(name + ".bias", [output], initial)
        self.stride = stride
        self.padding = padding
    }

    func callAsFunction(_ x: Variable) throws(TensorError) -> Variable {
        try convolution(x, weight: weight, bias: bias, stride: stride, padding: padding)
    }
}
