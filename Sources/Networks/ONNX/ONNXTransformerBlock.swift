import Tensors

/// Attention and the block around it as nodes; see `TransformerBlock`.
extension ONNXGraph {
    /// - Parameters:
    ///   - x: `[images * tokens, channels]`, image after image: tokens see those of their own image only.
    mutating func transformerBlock(
        _ name: String, _ x: Value, images: Int, heads: Int
    ) throws(TensorError) -> Value {
        let mixed = try selfAttention(
            name, linear(name + ".qkv", norm(name + ".norm1", x)), images: images, heads: heads)
        let attended = binary("Add", name + ".attended", x, try linear(name + ".proj", mixed))
        return binary("Add", name, attended, try perceptron(name, norm(name + ".norm2", attended)))
    }

    mutating func perceptron(_ name: String, _ x: Value) throws(TensorError) -> Value {
        try linear(name + ".fc2", gelu(name + ".gelu", linear(name + ".fc1", x)))
    }

    /// - Parameter together: queries, keys and values side by side.
    mutating func selfAttention(_ name: String, _ together: Value, images: Int, heads: Int) -> Value {
        let channels = together.shape[1] / 3
        let name = name + ".self"
        let parts = split(
            name + ".split", together,
            [name + ".query": channels, name + ".key": channels, name + ".value": channels])
        return attention(name, parts[0], parts[1], parts[2], images: images, heads: heads)
    }

    /// Softmax attention of queries `[images * n, channels]` over keys and values `[images * m, channels]`.
    mutating func attention(
        _ name: String, _ query: Value, _ key: Value, _ value: Value, images: Int, heads: Int
    ) -> Value {
        let depth = query.shape[1] / heads
        /// `[images, heads, tokens, depth]`, or the last two the other way round.
        func parted(_ part: String, _ x: Value, _ axes: [Int]) -> Value {
            let apart = reshape("\(name).\(part).heads", x, [images, x.shape[0] / images, heads, depth])
            return transpose("\(name).\(part).transposed", apart, axes)
        }
        let scaled = binary("Mul", name + ".scaled", query, scalar(1 / Float(depth).squareRoot()))
        let (q, k, v) = (
            parted("query", scaled, [0, 2, 1, 3]), parted("key", key, [0, 2, 3, 1]),
            parted("value", value, [0, 2, 1, 3])
        )
        let scores = add("MatMul", name + ".scores", [q, k], shape: [images, heads, q.shape[2], k.shape[3]])
        let weights = add("Softmax", name + ".weights", [scores], shape: scores.shape, ["axis": .integer(-1)])
        let mixed = add("MatMul", name + ".mixed", [weights, v], shape: q.shape)
        return reshape(name + ".joined", transpose(name + ".tokens", mixed, [0, 2, 1, 3]), query.shape)
    }
}
