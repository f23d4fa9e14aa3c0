package import Tensors

#if canImport(Glibc)
    import Glibc
#endif

/// One minus the Dice overlap of probabilities with a mask (Milletari et al. 2016), the mean over images times
/// `batch / divisor`: `1 - (2 sum(p t) + e) / (sum(p) + sum(t) + e)` with e = 1e-6.
///
/// - Parameters:
///   - logits: `[batch, ..]`; p is their logistic.
///   - targets: 0 or 1, of the same shape.
///   - divisor: images of the whole batch.
package func diceLoss(_ logits: Variable, targets: Tensor, divisor: Float) throws(TensorError) -> Variable {
    guard logits.shape == targets.shape, logits.shape.rank > 1 else {
        throw .shapeMismatch(operation: "Dice loss", expected: "\(logits.shape)", found: targets.shape)
    }
    let epsilon = 1e-6
    let images = logits.shape[0]
    let count = logits.shape.count / max(images, 1)
    let (z, t) = (logits.value.elements, targets.elements)
    var total = 0.0
    let slopes = Tensor(logits.shape) { out in
        for image in 0..<images {
            let range = image * count..<(image + 1) * count
            let p = range.map { 1 / (1 + exp(-Double(z[$0]))) }
            let both = zip(p, range).reduce(0) { $0 + $1.0 * Double(t[$1.1]) }
            let all = zip(p, range).reduce(0) { $0 + $1.0 + Double(t[$1.1]) }
            let (above, below) = (2 * both + epsilon, all + epsilon)
            total += 1 - above / below
            for (p, i) in zip(p, range) {
                let slope = -(2 * Double(t[i]) * below - above) / (below * below)
                out[i] = Float(slope * p * (1 - p)) / divisor
            }
        }
    }
    return try scalar("Dice loss", logits, Float(total) / divisor, slopes)
}

/// What masks are learned by: 0.6 focal plus 0.4 Dice, the focal part as a mean over cells.
package func maskLoss(
    _ logits: Variable, targets: Tensor, focal: FocalLoss, divisor: Float
) throws(TensorError) -> Variable {
    let cells = Float(logits.shape.count / max(logits.shape[0], 1))
    return try weightedSum([
        (0.6, focal(logits, targets: targets, divisor: divisor * cells)),
        (0.4, diceLoss(logits, targets: targets, divisor: divisor)),
    ])
}
