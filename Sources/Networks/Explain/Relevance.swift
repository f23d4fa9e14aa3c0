import Tensors

/// Relevance propagation through attention (Chefer, Gur and Wolf 2021, "Generic attention-model explainability").
///
/// Each block's attention is weighted by its gradient, negative products are cut off, and the mean over heads is added to what
/// the blocks before have gathered: `R = R + mean(gradient * attention)⁺ R`. Read at the rows of the box's tokens.
enum Relevance {
    /// - Parameters:
    ///   - attention, gradients: of each block, first block first, `[1, heads, tokens, tokens]`.
    ///   - rows: the tokens read, averaged.
    /// - Returns: one value a token.
    static func map(attention: [Tensor], gradients: [Tensor], rows: [Int]) throws(TensorError) -> [Float] {
        guard let tokens = attention.first?.shape.last else { return [] }
        // As in rollout, only some rows of R are needed: row * (I + A_last) * .. * (I + A_first).
        // Double: the identity is 1 where all that is added may be a millionth, and it is taken away at the end.
        var carried = [Double](repeating: 0, count: tokens)
        for row in rows { carried[row] += 1 / Double(rows.count) }
        let start = carried
        for (block, gradient) in zip(attention, gradients).reversed() {
            let heads = block.shape[1]
            let product = try block.multiplied(by: gradient)
            var next = carried
            product.withUnsafeElements { p in
                for head in 0..<heads {
                    for row in 0..<tokens where carried[row] != 0 {
                        let factor = carried[row] / Double(heads)
                        let start = (head * tokens + row) * tokens
                        for column in 0..<tokens { next[column] += factor * Double(max(p[start + column], 0)) }
                    }
                }
            }
            carried = next
        }
        return zip(carried, start).map { Float($0 - $1) }
    }
}
