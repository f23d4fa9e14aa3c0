import CKernels
package import Tensors

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), step by step as PyTorch's `AdamW`.
package struct AdamW: Sendable {
    package var betas: (Float, Float)
    package var epsilon: Float
    /// Applied to weights of two and more dimensions; biases, gains and single numbers are left alone.
    package var decay: Float
    /// Steps taken.
    package private(set) var step = 0
    /// Moving means of gradients and of their squares, by the parameter's name.
    package private(set) var moments: [String: (mean: Tensor, square: Tensor)] = [:]

    package init(decay: Float, betas: (Float, Float) = (0.9, 0.98), epsilon: Float = 1e-8) {
        (self.decay, self.betas, self.epsilon) = (decay, betas, epsilon)
    }

    /// Goes on where a checkpoint stopped.
    package init(continuing other: AdamW, step: Int, moments: [String: (mean: Tensor, square: Tensor)]) {
        self = other
        (self.step, self.moments) = (step, moments)
    }

    /// Changes each parameter that has a gradient.
    package mutating func update(_ parameters: inout [String: Tensor], _ gradients: [String: Tensor], rate: Float) {
        step += 1
        let (first, second) = (Double(betas.0), Double(betas.1))
        var (firstPower, secondPower) = (1.0, 1.0)
        for _ in 0..<step { (firstPower, secondPower) = (firstPower * first, secondPower * second) }
        let stepSize = Float(Double(rate) / (1 - firstPower))
        let root = Float((1 - secondPower).squareRoot())
        for (name, gradient) in gradients {
            guard var parameter = parameters.removeValue(forKey: name) else { continue }
            var (mean, square) = moments.removeValue(forKey: name) ?? (.zeros(gradient.shape), .zeros(gradient.shape))
            let shrink = parameter.shape.rank > 1 ? 1 - rate * decay : 1
            parameter.withUnsafeMutableElements { p in
                mean.withUnsafeMutableElements { m in
                    square.withUnsafeMutableElements { v in
                        gradient.withUnsafeElements { g in
                            optimiser_adamw(
                                p.baseAddress!, g.baseAddress!, m.baseAddress!, v.baseAddress!, p.count, shrink,
                                stepSize, root, betas.0, betas.1, epsilon)
                        }
                    }
                }
            }
            parameters[name] = parameter
            moments[name] = (mean, square)
        }
    }
}

/// Shortens all gradients together to a length of at most `limit`, as PyTorch's `clip_grad_norm_`.
///
/// - Returns: the length before.
package func clip(_ gradients: inout [String: Tensor], to limit: Float) -> Double {
    // By name: a sum has one order, whatever the dictionary's.
    let names = gradients.keys.sorted()
    let length = names.reduce(0) { sum, name in
        sum + gradients[name]!.withUnsafeElements { optimiser_square_sum($0.baseAddress!, $0.count) }
    }.squareRoot()
    let factor = Float(Double(limit) / (length + 1e-6))
    guard factor < 1 else { return length }
    for name in names {
        var gradient = gradients.removeValue(forKey: name)!
        gradient.withUnsafeMutableElements { optimiser_scale($0.baseAddress!, $0.count, factor) }
        gradients[name] = gradient
    }
    return length
}

/// Moves averaged parameters towards new ones: `average += (1 - decay) (new - average)`.
///
/// - Parameter step: taken so far; the first steps average over few, `min(decay, (1 + step) / (10 + step))`.
package func average(_ average: inout [String: Tensor], with new: [String: Tensor], decay: Float, step: Int) {
    let part = 1 - min(decay, Float(1 + step) / Float(10 + step))
    for (name, value) in new {
        guard var mean = average.removeValue(forKey: name) else { continue }
        mean.withUnsafeMutableElements { mean in
            value.withUnsafeElements { optimiser_approach(mean.baseAddress!, $0.baseAddress!, mean.count, part) }
        }
        average[name] = mean
    }
}
