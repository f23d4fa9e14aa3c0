import Tensors

/// Two linear layers with GELU between them, `ratio` times as wide inside. Tensors `name.fc1` and `name.fc2`.
struct Perceptron: Sendable {
    let fc1: Linear
    let fc2: Linear

    init(_ weights: inout WeightFile, _ name: String, channels: Int, ratio: Int) throws(TensorError) {
        fc1 = try Linear(&weights, name + ".fc1", from: channels, to: ratio * channels)
        fc2 = try Linear(&weights, name + ".fc2", from: ratio * channels, to: channels)
    }

    func callAsFunction(_ x: Variable) throws(TensorError) -> Variable { try fc2(gelu(fc1(x))) }
}
