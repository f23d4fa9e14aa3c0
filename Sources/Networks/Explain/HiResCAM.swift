import Tensors

/// HiResCAM (Draelos and Carin 2020): gradient times activation, element by element, summed over channels.
///
/// Read off the feature pyramid. For a logit that depends on a few places this keeps the places, which Grad-CAM averages away.
enum HiResCAM {
    /// - Parameters: activation and gradient, `[tokens, channels]`.
    /// - Returns: one value a token, before negative ones are cut off.
    static func map(activation: Tensor, gradient: Tensor) -> [Float] {
        let channels = activation.shape.last
        let (a, g) = (activation.elements, gradient.elements)
        return (0..<a.count / channels).map { token in
            (token * channels..<(token + 1) * channels).reduce(0) { $0 + a[$1] * g[$1] }
        }
    }
}
