import Tensors

/// A simple feature pyramid: stride 16 from stage 2 alone, stride 8 from stage 1 plus stage 2 upsampled.
struct Pyramid: Sendable {
    let top: Linear
    let lateral: Linear
    let norm8: Normalization
    let norm16: Normalization

    init(_ weights: inout WeightFile, _ name: String, fine: Int, coarse: Int, channels: Int) throws(TensorError) {
        top = try Linear(&weights, name + ".top", from: coarse, to: channels)
        lateral = try Linear(&weights, name + ".lateral", from: fine, to: channels)
        norm8 = try Normalization(&weights, name + ".norm8", channels)
        norm16 = try Normalization(&weights, name + ".norm16", channels)
    }

    /// Levels of `[1, height, width, channels]`, stride 8 first.
    func callAsFunction(fine: Variable, coarse: Variable) throws(TensorError) -> [Variable] {
        let high = try top(coarse)
        return [try norm8(add(lateral(fine), upsampleNearest(high))), try norm16(high)]
    }
}
