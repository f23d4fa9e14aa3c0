import Tensors

/// `x Wᵀ + b` over channels: `[.., in]` to `[.., out]`. Tensors `name.weight` `[out, in]` and `name.bias` `[out]`.
struct Linear: Sendable {
    let weight: Tensor
    let bias: Tensor

    init(_ weights: inout WeightFile, _ name: String, from input: Int, to output: Int) throws(TensorError) {
        weight = try weights.take(name + ".weight", [output, input])
        bias = try weights.take(name + ".bias", [output])
    }

    func callAsFunction(_ x: Variable) throws(TensorError) -> Variable {
        try affine(x, weight: Variable(weight), bias: Variable(bias))
    }
}
