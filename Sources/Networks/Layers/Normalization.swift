import Tensors

/// Layer normalisation over channels, epsilon 1e-5. Tensors `name.weight` and `name.bias`, each `[channels]`.
struct Normalization: Sendable {
    let gain: Tensor
    let bias: Tensor

    init(_ weights: inout WeightFile, _ name: String, _ channels: Int) throws(TensorError) {
        gain = try weights.take(name + ".weight", [channels])
        bias = try weights.take(name + ".bias", [channels])
    }

    func callAsFunction(_ x: Variable) throws(TensorError) -> Variable {
        try layerNorm(x, gain: Variable(gain), bias: Variable(bias))
    }
}
