package import Tensors

#if canImport(Glibc)
    import Glibc
#endif

/// Binary cross-entropy of chosen logits, summed and divided by `divisor`: `[1]`.
///
/// - Parameters:
///   - rows: which elements of `logits`, counted through all of them.
///   - targets: probabilities in [0, 1], one a row.
package func binaryCrossEntropy(
    _ logits: Variable, rows: [Int], targets: [Float], divisor: Float
) throws(TensorError) -> Variable {
    guard rows.count == targets.count, rows.allSatisfy({ (0..<logits.shape.count).contains($0) }) else {
        throw .shapeMismatch(
            operation: "cross-entropy", expected: "\(rows.count) targets within the logits", found: logits.shape)
    }
    let z = logits.value.elements
    var sum = 0.0
    var slopes = Tensor.zeros(logits.shape)
    slopes.withUnsafeMutableElements { out in
        for (row, target) in zip(rows, targets) {
            sum += Double(max(z[row], 0) - z[row] * target + log1p(exp(-abs(z[row]))))
            out[row] += (1 / (1 + exp(-z[row])) - target) / divisor
        }
    }
    return try scalar("cross-entropy", logits, Float(sum) / divisor, slopes)
}
