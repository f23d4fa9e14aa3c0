import Tensors

/// Grad-CAM (Selvaraju et al. 2017): channels weighted by their gradient averaged over the image.
///
/// Read at the last global block's first norm. The average forgets where a *local* logit's gradient lies, which makes maps
/// of single boxes vague; it is here because users expect it.
enum GradCAM {
    /// - Parameters: activation and gradient, `[tokens, channels]`.
    /// - Returns: one value a token, before negative ones are cut off.
    static func map(activation: Tensor, gradient: Tensor) -> [Float] {
        let (tokens, channels) = (activation.shape.rows, activation.shape.last)
        var weights = [Float](repeating: 0, count: channels)
        gradient.withUnsafeElements { g in
            for index in g.indices { weights[index % channels] += g[index] }
        }
        for channel in weights.indices { weights[channel] /= Float(tokens) }
        return weighted(activation, by: weights)
    }

    /// The sum over channels of activation times weight, for each token.
    static func weighted(_ activation: Tensor, by weights: [Float]) -> [Float] {
        let channels = weights.count
        return activation.withUnsafeElements { a in
            (0..<a.count / channels).map { token in
                weights.indices.reduce(0) { $0 + a[token * channels + $1] * weights[$1] }
            }
        }
    }
}
