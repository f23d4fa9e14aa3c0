import Tensors

/// Grad-CAM++ (Chattopadhay et al. 2018): positive gradients, weighted so that small regions count as much as large ones.
///
/// Read at the last global block's first norm. The closed form for alpha, with the second and third derivatives of an
/// exponential replaced by powers of the gradient, as in pytorch-grad-cam. Its divisor can come near 0, and then the last digits
/// of the gradient decide: hence doubles here, and no promise that two processors agree on such a map.
enum GradCAMPlusPlus {
    /// - Parameters: activation and gradient, `[tokens, channels]`.
    /// - Returns: one value a token, before negative ones are cut off.
    static func map(activation: Tensor, gradient: Tensor) -> [Float] {
        let channels = activation.shape.last
        let (a, g) = (activation.elements, gradient.elements)
        var sums = [Double](repeating: 0, count: channels)
        for index in a.indices { sums[index % channels] += Double(a[index]) }
        var weights = [Double](repeating: 0, count: channels)
        for index in a.indices where g[index] > 0 {
            let slope = Double(g[index])
            let square = slope * slope
            let alpha = square / (2 * square + sums[index % channels] * square * slope + 1e-6)
            weights[index % channels] += alpha * slope
        }
        return GradCAM.weighted(activation, by: weights.map { Float($0) })
    }
}
