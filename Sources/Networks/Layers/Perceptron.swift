import Tensors

/// Two linear layers with GELU between them, `ratio` times as wide inside. Tensors `name.fc1` and `name.fc2`.
struct Perceptron: Sendable {
    let fc1: Linear
    let fc2: Linear

    init(fc1: Linear, fc2: Linear) { (self.fc1, self.fc2) = (fc1, fc2) }

    init(
        _ weights: inout ParameterSource, _ name: String, channels: Int, ratio: Int,
        initial: (weight: Initialization, bias: Initialization)? = nil
    ) throws(TensorError) {
        fc1 = try Linear(&weights, name + ".fc1", from: channels, to: ratio * channels, initial: initial)
        fc2 = try Linear(&weights, name + ".fc2", from: ratio * channels, to: channels, initial: initial)
    }

    func callAsFunction(_ x: Variable) throws(TensorError) -> Variable { try fc2(gelu(fc1(x))) }
}
