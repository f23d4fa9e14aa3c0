import CKernels

/// Softmax attention of tokens to each other, whose probabilities nobody asks for: they are made for a few queries at a time,
/// stay in the cache, and are made again on the way back (after FlashAttention, Dao et al. 2022).
///
/// - Parameters: `qkv` is `[batch, tokens, 3 * channels]`: query, key and value side by side; head h owns the h-th equal part
///   of each. The result is `[batch, tokens, channels]`.
/// - Throws: `TensorError.shapeMismatch` when the channels are no three times a multiple of the heads.
public func selfAttention(_ qkv: Variable, heads: Int) throws(TensorError) -> Variable {
    guard qkv.shape.rank == 3, heads > 0, qkv.shape[2] > 0, qkv.shape[2] % (3 * heads) == 0 else {
        throw .shapeMismatch(
            operation: "self-attention", expected: "[batch, tokens, 3 * channels of \(heads) heads]", found: qkv.shape)
    }
    let attention = SelfAttention(
        batch: qkv.shape[0], tokens: qkv.shape[1], channels: qkv.shape[2] / 3, heads: heads)
    let value = attention.forward(qkv.value)
    return try Tape.record("self-attention", [qkv], value) { (gradient) throws(TensorError) in
        [attention.backward(qkv.value, gradient)]
    }
}

private struct SelfAttention {
    let batch, tokens, channels, heads: Int

    /// Queries whose scores are held at once: 128 times 1,024 tokens are half a megabyte.
    private static let block = 128

    private var width: Int { channels / heads }
    private var scale: Float { 1 / Float(width).squareRoot() }
    /// Elements between tokens of `qkv`.
    private var stride: Int { 3 * channels }

    func forward(_ qkv: Tensor) -> Tensor {
        Tensor([batch, tokens, channels]) { out in
            qkv.withUnsafeElements { qkv in
                forEachBlock { source, target, rows, scores in
                    let q = qkv.baseAddress! + source.query
                    let (k, v) = (qkv.baseAddress! + source.key, qkv.baseAddress! + source.key + channels)
                    probabilities(q, k, rows, scores)
                    BLAS.multiply(
                        scores, v, into: out.baseAddress! + target, rows: rows, columns: width, inner: tokens,
                        strides: (tokens, stride, channels))
                }
            }
        }
    }

    func backward(_ qkv: Tensor, _ gradient: Tensor) -> Tensor {
        Tensor(qkv.shape) { out in
            out.initialize(repeating: 0)
            withElements(qkv, gradient) { qkv, gradient in
                let slopes = UnsafeMutablePointer<Float>.allocate(capacity: Self.block * tokens)
                defer { slopes.deallocate() }
                forEachBlock { source, target, rows, scores in
                    let (q, k, v) = (qkv + source.query, qkv + source.key, qkv + source.key + channels)
                    let (dq, dk) = (out.baseAddress! + source.query, out.baseAddress! + source.key)
                    let dy = gradient + target
                    probabilities(q, k, rows, scores)
                    BLAS.multiply(
                        scores, transposeA: true, dy, into: dk + channels, rows: tokens, columns: width, inner: rows,
                        strides: (tokens, channels, stride), keep: 1)
                    BLAS.multiply(
                        dy, v, transposeB: true, into: slopes, rows: rows, columns: tokens, inner: width,
                        strides: (channels, stride, tokens))
                    network_softmax_backward(scores, slopes, slopes, rows, tokens)
                    BLAS.multiply(
                        slopes, k, into: dq, rows: rows, columns: width, inner: tokens,
                        strides: (tokens, stride, stride), scale: scale)
                    BLAS.multiply(
                        slopes, transposeA: true, q, into: dk, rows: tokens, columns: width, inner: rows,
                        strides: (tokens, stride, stride), scale: scale, keep: 1)
                }
            }
        }
    }

    private func probabilities(
        _ q: UnsafePointer<Float>, _ k: UnsafePointer<Float>, _ rows: Int, _ scores: UnsafeMutablePointer<Float>
    ) {
        BLAS.multiply(
            q, k, transposeB: true, into: scores, rows: rows, columns: tokens, inner: width,
            strides: (stride, stride, tokens), scale: scale)
        network_softmax(scores, scores, rows, tokens)
    }

    /// Every head of every image, some queries at a time: where they begin in `qkv` (the head's keys too) and in the result,
    /// and memory for their scores.
    private func forEachBlock(
        _ body: ((query: Int, key: Int), Int, Int, UnsafeMutablePointer<Float>) -> Void
    ) {
        let scores = UnsafeMutablePointer<Float>.allocate(capacity: Self.block * tokens)
        defer { scores.deallocate() }
        for image in 0..<batch {
            for head in 0..<heads {
                let key = image * tokens * stride + channels + head * width
                for first in Swift.stride(from: 0, to: tokens, by: Self.block) {
                    let query = (image * tokens + first) * stride + head * width
                    let target = (image * tokens + first) * channels + head * width
                    body((query, key), target, min(Self.block, tokens - first), scores)
                }
            }
        }
    }
}
