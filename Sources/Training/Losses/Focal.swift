package import Tensors

#if canImport(Glibc)
    import Glibc
#endif

/// The focal loss (Lin et al. 2017): binary cross-entropy weighted by `alpha` where the target is 1, `1 - alpha` where it is 0,
/// and by the `gamma`-th power of the distance between probability and target.
package struct FocalLoss: Sendable, Hashable {
    package var alpha: Float
    package var gamma: Float

    package init(alpha: Float = 0.75, gamma: Float = 2) { (self.alpha, self.gamma) = (alpha, gamma) }

    /// The sum over all elements, divided by `divisor`: `[1]`.
    ///
    /// - Parameter targets: 0 or 1, of the logits' shape.
    package func callAsFunction(
        _ logits: Variable, targets: Tensor, divisor: Float
    ) throws(TensorError) -> Variable {
        guard logits.shape == targets.shape else {
            throw .shapeMismatch(operation: "focal loss", expected: "\(logits.shape)", found: targets.shape)
        }
        var sum = 0.0
        let slopes = Tensor(logits.shape) { out in
            logits.value.withUnsafeElements { z in
                targets.withUnsafeElements { t in
                    for i in out.indices {
                        let (loss, slope) = valueAndSlope(z[i], isPositive: t[i] > 0.5)
                        sum += Double(loss)
                        out[i] = slope / divisor
                    }
                }
            }
        }
        return try scalar("focal loss", logits, Float(sum) / divisor, slopes)
    }

    /// For the logit -z and the other target the loss is the same: only the positive case is written out.
    private func valueAndSlope(_ logit: Float, isPositive: Bool) -> (Float, Float) {
        let z = isPositive ? logit : -logit
        let logP = min(z, 0) - log1p(exp(-abs(z)))
        let (p, rest) = (1 / (1 + exp(-z)), 1 / (1 + exp(z)))
        let power = gamma == 2 ? rest * rest : pow(rest, gamma)
        let weight = isPositive ? alpha : 1 - alpha
        let slope = weight * power * (gamma * p * logP - rest)
        return (-weight * power * logP, isPositive ? slope : -slope)
    }
}

/// A loss of one variable whose slope at every element is known: `[1]`.
func scalar(_ name: String, _ x: Variable, _ value: Float, _ slopes: Tensor) throws(TensorError) -> Variable {
    try Tape.record(name, [x], Tensor(repeating: value, [1])) { (gradient) throws(TensorError) in
        let factor = gradient[0]
        return [
            Tensor(slopes.shape) { out in
                slopes.withUnsafeElements { slopes in for i in out.indices { out[i] = factor * slopes[i] } }
            }
        ]
    }
}
