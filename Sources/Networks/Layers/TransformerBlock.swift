import Tensors

/// A pre-norm transformer block over `[batch, tokens, channels]`: attention, then a two-layer perceptron with GELU.
struct TransformerBlock: Sendable {
    let norm1: Normalization
    let qkv: Linear
    let proj: Linear
    let norm2: Normalization
    let perceptron: Perceptron
    let heads: Int

    init(_ weights: inout WeightFile, _ name: String, channels: Int, heads: Int, ratio: Int) throws(TensorError) {
        norm1 = try Normalization(&weights, name + ".norm1", channels)
        qkv = try Linear(&weights, name + ".qkv", from: channels, to: 3 * channels)
        proj = try Linear(&weights, name + ".proj", from: channels, to: channels)
        norm2 = try Normalization(&weights, name + ".norm2", channels)
        perceptron = try Perceptron(&weights, name, channels: channels, ratio: ratio)
        self.heads = heads
    }

    /// - Parameter probe: takes note of the input, the first norm's output and the attention.
    func callAsFunction(_ input: Variable, probe: Probe? = nil) throws(TensorError) -> Variable {
        let x = probe?.enterBlock(input) ?? input
        let normed = try norm1(x)
        let (q, k, v) = try splitThreefold(qkv(normed))
        let probabilities = try attentionProbabilities(q, k, heads: heads)
        probe?.leaveBlock(firstNorm: normed, attention: probabilities)
        let attended = try add(x, proj(attentionMix(probabilities, v)))
        return try add(attended, perceptron(norm2(attended)))
    }
}

/// Query, key and value, side by side in the channels of `[batch, tokens, 3 * channels]`.
func splitThreefold(_ x: Variable) throws(TensorError) -> (Variable, Variable, Variable) {
    let channels = x.shape.last / 3
    return (
        try narrow(x, from: 0, count: channels), try narrow(x, from: channels, count: channels),
        try narrow(x, from: 2 * channels, count: channels)
    )
}
