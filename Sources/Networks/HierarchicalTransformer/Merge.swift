import Tensors

/// 2 x 2 neighbouring tokens, row by row, to one: normalised, then a linear layer.
///
/// `[batch, height, width, channels]` to `[batch, height / 2, width / 2, out]`.
struct Merge: Sendable {
    let norm: Normalization
    let reduction: Linear

    init(_ weights: inout ParameterSource, _ name: String, from channels: Int, to output: Int) throws(TensorError) {
        norm = try Normalization(&weights, name + ".norm", 4 * channels)
        reduction = try Linear(&weights, name + ".reduction", from: 4 * channels, to: output)
    }

    func callAsFunction(_ x: Variable) throws(TensorError) -> Variable {
        let (batch, height, width, channels) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
        let pairs = try permute(
            reshape(x, [batch, height / 2, 2, width / 2, 2, channels]), [0, 1, 3, 2, 4, 5])
        return try reduction(norm(reshape(pairs, [batch, height / 2, width / 2, 4 * channels])))
    }
}
