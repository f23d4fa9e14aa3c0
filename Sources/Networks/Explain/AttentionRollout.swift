import Tensors

/// Attention rollout (Abnar and Zuidema 2020): attention averaged over heads, mixed half and half with the identity for the
/// residual path, multiplied through all global blocks. Read at the rows of the box's tokens; it knows no class.
enum AttentionRollout {
    /// - Parameters:
    ///   - attention: of each block, first block first, `[1, heads, tokens, tokens]`.
    ///   - rows: the tokens read, averaged.
    /// - Returns: one value a token.
    static func map(attention: [Tensor], rows: [Int]) throws(TensorError) -> [Float] {
        guard let tokens = attention.first?.shape.last else { return [] }
        // Only some rows are needed: carry them back through the blocks instead of multiplying whole matrices.
        var carried = [Float](repeating: 0, count: tokens)
        for row in rows { carried[row] += 1 / Float(rows.count) }
        for block in attention.reversed() {
            let heads = block.shape[1]
            var next = carried.map { $0 * 0.5 }
            block.withUnsafeElements { a in
                for head in 0..<heads {
                    for row in 0..<tokens where carried[row] != 0 {
                        let factor = 0.5 * carried[row] / Float(heads)
                        let start = (head * tokens + row) * tokens
                        for column in 0..<tokens { next[column] += factor * a[start + column] }
                    }
                }
            }
            carried = next
        }
        return carried
    }
}
