import Tensors

extension ONNXGraph {
    /// Tokens of each level, stride 8 first; see `Pyramid`.
    ///
    /// - Parameter grid: tokens a side of the finest level.
    mutating func pyramid(fine: Value, coarse: Value, grid: Int, levels count: Int) throws(TensorError) -> [Value] {
        let high = try linear("pyramid.top", coarse)
        let joined = binary(
            "Add", "pyramid.joined", try linear("pyramid.lateral", fine),
            upsample("pyramid.top.upsampled", high, to: grid))
        var levels = [try norm("pyramid.norm8", joined), try norm("pyramid.norm16", high)]
        if count > 2 {
            let down = try convolution(
                "pyramid.down", image("pyramid.top.image", high, grid: grid / 2), stride: 2, padding: 1)
            levels.append(try norm("pyramid.norm32", tokens("pyramid.down.tokens", down)))
        }
        return levels
    }
}
