import Tensors

/// One layer of the query decoder over `[batch, queries, channels]`: self-attention, gated cross-attention, perceptron, all
/// pre-norm. The gate, `query + sigmoid(W query) * attention`, lets a query refuse what the image offers.
struct QueryLayer: Sendable {
    let norm1: Normalization
    let qkv: Linear
    let proj: Linear
    let norm2: Normalization
    let query: Linear
    let key: Linear
    let value: Linear
    let cross: Linear
    let gate: Linear
    let norm3: Normalization
    let perceptron: Perceptron
    let heads: Int

    init(_ weights: inout ParameterSource, _ name: String, channels: Int, heads: Int, ratio: Int) throws(TensorError) {
        norm1 = try Normalization(&weights, name + ".norm1", channels)
        qkv = try Linear(&weights, name + ".qkv", from: channels, to: 3 * channels)
        proj = try Linear(&weights, name + ".proj", from: channels, to: channels)
        norm2 = try Normalization(&weights, name + ".norm2", channels)
        query = try Linear(&weights, name + ".query", from: channels, to: channels)
        key = try Linear(&weights, name + ".key", from: channels, to: channels)
        value = try Linear(&weights, name + ".value", from: channels, to: channels)
        cross = try Linear(&weights, name + ".cross", from: channels, to: channels)
        gate = try Linear(&weights, name + ".gate", from: channels, to: channels)
        norm3 = try Normalization(&weights, name + ".norm3", channels)
        perceptron = try Perceptron(&weights, name, channels: channels, ratio: ratio)
        self.heads = heads
    }

    /// - Parameters:
    ///   - place: says where the queries lie.
    ///   - tokens: `[batch, tokens, channels]`; `placedTokens` are the same plus where they lie.
    func callAsFunction(
        _ x: Variable, place: Variable, tokens: Variable, placedTokens: Variable
    ) throws(TensorError) -> Variable {
        let spoken = try add(x, proj(selfAttention(qkv(add(norm1(x), place)), heads: heads)))
        let normed = try norm2(spoken)
        let looks = try attentionProbabilities(
            query(add(normed, place)), key(placedTokens), heads: heads)
        let seen = try cross(attentionMix(looks, value(tokens)))
        let informed = try add(spoken, multiply(sigmoid(gate(normed)), seen))
        return try add(informed, perceptron(norm3(informed)))
    }
}
