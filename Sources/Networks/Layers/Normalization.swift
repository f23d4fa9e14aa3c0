import Tensors

/// Layer normalisation over channels, epsilon 1e-5. Tensors `name.weight` and `name.bias`, each `[channels]`.
struct Normalization: Sendable {
    let gain: Variable
    let bias: Variable

    init(gain: Variable, bias: Variable) { (self.gain, self.bias) = (gain, bias) }

    init(_ weights: inout ParameterSource, _ name: String, _ channels: Int) throws(TensorError) {
        gain = try weights.take(name + ".weight", [channels], .constant(1))
        bias = try weights.take(name + ".bias", [channels], .constant(0))
    }

    func callAsFunction(_ x: Variable) throws(TensorError) -> Variable {
        try layerNorm(x, gain: gain, bias: bias)
    }
}
