import Tensors

/// A pre-norm transformer block over `[batch, tokens, channels]`: attention, then a two-layer perceptron with GELU.
struct TransformerBlock: Sendable {
    let norm1: Normalization
    let qkv: Linear
    let proj: Linear
    let norm2: Normalization
    let perceptron: Perceptron
    let heads: Int

    init(_ weights: inout ParameterSource, _ name: String, channels: Int, heads: Int, ratio: Int) throws(TensorError) {
        norm1 = try Normalization(&weights, name + ".norm1", channels)
        let initial = (weight: Initialization.truncatedNormal(deviation: 0.02), bias: Initialization.constant(0))
        qkv = try Linear(&weights, name + ".qkv", from: channels, to: 3 * channels, initial: initial)
        proj = try Linear(&weights, name + ".proj", from: channels, to: channels, initial: initial)
        norm2 = try Normalization(&weights, name + ".norm2", channels)
        perceptron = try Perceptron(&weights, name, channels: channels, ratio: ratio, initial: initial)
        self.heads = heads
    }

    /// - Parameter probe: takes note of the input, the first norm's output and the attention.
    func callAsFunction(_ input: Variable, probe: Probe? = nil) throws(TensorError) -> Variable {
        let x = probe?.enterBlock(input) ?? input
        let normed = try norm1(x)
        let attended = try add(x, proj(attention(normed, probe: probe)))
        return try add(attended, perceptron(norm2(attended)))
    }

    /// The same, keeping nothing between input and output: see `Tensors.recomputed`.
    func recomputed(_ input: Variable) throws(TensorError) -> Variable {
        let block = self
        return try Tensors.recomputed([input] + parameters) { (operands) throws(TensorError) in
            try TransformerBlock(block, operands.dropFirst())(operands[0])
        }
    }

    private var parameters: [Variable] {
        [
            norm1.gain, norm1.bias, qkv.weight, qkv.bias, proj.weight, proj.bias, norm2.gain, norm2.bias,
            perceptron.fc1.weight, perceptron.fc1.bias, perceptron.fc2.weight, perceptron.fc2.bias,
        ]
    }

    /// A block like another with other parameters, in the order of `parameters`.
    private init(_ other: TransformerBlock, _ parameters: ArraySlice<Variable>) {
        let p = Array(parameters)
        norm1 = Normalization(gain: p[0], bias: p[1])
        qkv = Linear(weight: p[2], bias: p[3])
        proj = Linear(weight: p[4], bias: p[5])
        norm2 = Normalization(gain: p[6], bias: p[7])
        perceptron = Perceptron(fc1: Linear(weight: p[8], bias: p[9]), fc2: Linear(weight: p[10], bias: p[11]))
        heads = other.heads
    }

    /// In two halves only for a probe, which keeps the probabilities.
    private func attention(_ normed: Variable, probe: Probe?) throws(TensorError) -> Variable {
        let together = try qkv(normed)
        guard let probe else { return try selfAttention(together, heads: heads) }
        let channels = normed.shape.last
        let probabilities = try attentionProbabilities(
            narrow(together, from: 0, count: channels), narrow(together, from: channels, count: channels), heads: heads)
        probe.leaveBlock(firstNorm: normed, attention: probabilities)
        return try attentionMix(probabilities, narrow(together, from: 2 * channels, count: channels))
    }
}
