import CKernels

/// Softmax attention (Vaswani et al. 2017), in two halves, so that the probabilities are a variable of their own: rollout
/// reads their values, relevance propagation their gradients.

/// How much each query looks at each key: `softmax(q kᵀ / sqrt(channels / heads))` over keys.
///
/// - Parameters: `q` is `[batch, queries, channels]`, `k` `[batch, keys, channels]`; head h owns the h-th equal part of the
///   channels. The result is `[batch, heads, queries, keys]`.
public func attentionProbabilities(_ q: Variable, _ k: Variable, heads: Int) throws(TensorError) -> Variable {
    guard q.shape.rank == 3, heads > 0, q.shape[2] > 0, q.shape[2] % heads == 0 else {
        throw .shapeMismatch(
            operation: "attention", expected: "[batch, queries, channels of \(heads) heads]", found: q.shape)
    }
    let (batch, queries, channels) = (q.shape[0], q.shape[1], q.shape[2])
    guard k.shape.rank == 3, k.shape[0] == batch, k.shape[2] == channels else {
        throw .shapeMismatch(operation: "attention keys", expected: "[\(batch), keys, \(channels)]", found: k.shape)
    }
    let keys = k.shape[1]
    let width = channels / heads
    let scale = 1 / Float(width).squareRoot()
    let blocks = HeadBlocks(batch: batch, heads: heads, queries: queries, keys: keys, width: width)
    let value = Tensor([batch, heads, queries, keys]) { out in
        withElements(q.value, k.value) { q, k in
            for block in blocks.origins {
                BLAS.multiply(
                    q + block.query, k + block.key, transposeB: true, into: out.baseAddress! + block.score,
                    rows: queries, columns: keys, inner: width, strides: (channels, channels, keys), scale: scale)
            }
        }
        network_softmax(out.baseAddress!, out.baseAddress!, batch * heads * queries, keys)
    }
    return try Tape.record("attention", [q, k], value) { (gradient) throws(TensorError) in
        let scores = Tensor(value.shape) { out in
            withElements(value, gradient) {
                network_softmax_backward($0, $1, out.baseAddress!, batch * heads * queries, keys)
            }
        }
        let queryGradient = Tensor(q.shape) { out in
            withElements(scores, k.value) { s, k in
                for block in blocks.origins {
                    BLAS.multiply(
                        s + block.score, k + block.key, into: out.baseAddress! + block.query, rows: queries,
                        columns: width, inner: keys, strides: (keys, channels, channels), scale: scale)
                }
            }
        }
        let keyGradient = Tensor(k.shape) { out in
            withElements(scores, q.value) { s, q in
                for block in blocks.origins {
                    BLAS.multiply(
                        s + block.score, transposeA: true, q + block.query, into: out.baseAddress! + block.key,
                        rows: keys, columns: width, inner: queries, strides: (keys, channels, channels), scale: scale)
                }
            }
        }
        return [queryGradient, keyGradient]
    }
}

/// What the queries gather: probabilities `[batch, heads, queries, keys]` times values `[batch, keys, channels]`, heads side
/// by side again: `[batch, queries, channels]`.
public func attentionMix(_ probabilities: Variable, _ v: Variable) throws(TensorError) -> Variable {
    guard probabilities.shape.rank == 4 else {
        throw .shapeMismatch(
            operation: "attention", expected: "[batch, heads, queries, keys]", found: probabilities.shape)
    }
    let (batch, heads, queries, keys) = (
        probabilities.shape[0], probabilities.shape[1], probabilities.shape[2], probabilities.shape[3]
    )
    guard v.shape.rank == 3, v.shape[0] == batch, v.shape[1] == keys, v.shape[2] > 0, v.shape[2] % heads == 0 else {
        throw .shapeMismatch(
            operation: "attention values", expected: "[\(batch), \(keys), channels of \(heads) heads]", found: v.shape)
    }
    let channels = v.shape[2]
    let width = channels / heads
    let blocks = HeadBlocks(batch: batch, heads: heads, queries: queries, keys: keys, width: width)
    let value = Tensor([batch, queries, channels]) { out in
        withElements(probabilities.value, v.value) { p, v in
            for block in blocks.origins {
                BLAS.multiply(
                    p + block.score, v + block.key, into: out.baseAddress! + block.query, rows: queries,
                    columns: width, inner: keys, strides: (keys, channels, channels))
            }
        }
    }
    return try Tape.record("attention mix", [probabilities, v], value) { (gradient) throws(TensorError) in
        let probabilityGradient = Tensor(probabilities.shape) { out in
            withElements(gradient, v.value) { g, v in
                for block in blocks.origins {
                    BLAS.multiply(
                        g + block.query, v + block.key, transposeB: true, into: out.baseAddress! + block.score,
                        rows: queries, columns: keys, inner: width, strides: (channels, channels, keys))
                }
            }
        }
        let valueGradient = Tensor(v.shape) { out in
            withElements(probabilities.value, gradient) { p, g in
                for block in blocks.origins {
                    BLAS.multiply(
                        p + block.score, transposeA: true, g + block.query, into: out.baseAddress! + block.key,
                        rows: keys, columns: width, inner: queries, strides: (keys, channels, channels))
                }
            }
        }
        return [probabilityGradient, valueGradient]
    }
}

/// Where each head of each image begins in `[batch, n, channels]` and `[batch, heads, queries, keys]`.
private struct HeadBlocks {
    let batch, heads, queries, keys, width: Int

    var origins: [(query: Int, key: Int, score: Int)] {
        let channels = heads * width
        return (0..<batch * heads).map { index in
            let (image, head) = index.quotientAndRemainder(dividingBy: heads)
            return (
                image * queries * channels + head * width, image * keys * channels + head * width,
                index * queries * keys
            )
        }
    }
}
