import Tensors

/// A square convolution over `[batch, height, width, channels]`. Tensors `name.weight` `[out, in, kernel, kernel]`, as
/// PyTorch stores it, and `name.bias` `[out]`.
struct Convolution2D: Sendable {
    let weight: Tensor
    let bias: Tensor
    let stride: Int
    let padding: Int

    init(
        _ weights: inout WeightFile, _ name: String, from input: Int, to output: Int, kernel: Int, stride: Int = 1,
        padding: Int = 0
    ) throws(TensorError) {
        weight = try weights.take(name + ".weight", [output, input, kernel, kernel]).permuted([0, 2, 3, 1])
        bias = try weights.take(name + ".bias", [output])
        self.stride = stride
        self.padding = padding
    }

    func callAsFunction(_ x: Variable) throws(TensorError) -> Variable {
        try convolution(x, weight: Variable(weight), bias: Variable(bias), stride: stride, padding: padding)
    }
}
