import Tensors

/// A simple feature pyramid (after ViTDet): stride 16 from stage 2 alone, stride 8 from stage 1 plus stage 2 upsampled, and,
/// when there are three levels, stride 32 from stage 2 by a 3 x 3 convolution.
struct Pyramid: Sendable {
    let top: Linear
    let lateral: Linear
    let norm8: Normalization
    let norm16: Normalization
    let coarsest: (down: Convolution2D, norm32: Normalization)?

    init(
        _ weights: inout ParameterSource, _ name: String, fine: Int, coarse: Int, channels: Int, levels: Int
    ) throws(TensorError) {
        top = try Linear(&weights, name + ".top", from: coarse, to: channels)
        lateral = try Linear(&weights, name + ".lateral", from: fine, to: channels)
        norm8 = try Normalization(&weights, name + ".norm8", channels)
        norm16 = try Normalization(&weights, name + ".norm16", channels)
        coarsest =
            levels < 3
            ? nil
            : (
                try Convolution2D(
                    &weights, name + ".down", from: channels, to: channels, kernel: 3, stride: 2, padding: 1),
                try Normalization(&weights, name + ".norm32", channels)
            )
    }

    /// Levels of `[batch, height, width, channels]`, stride 8 first.
    func callAsFunction(fine: Variable, coarse: Variable) throws(TensorError) -> [Variable] {
        let high = try top(coarse)
        var levels = [try norm8(add(lateral(fine), upsampleNearest(high))), try norm16(high)]
        if let coarsest { levels.append(try coarsest.norm32(coarsest.down(high))) }
        return levels
    }
}
