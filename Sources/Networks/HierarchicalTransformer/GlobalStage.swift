import Tensors

/// Blocks in which every token sees every other: `[batch, height, width, channels]` in and out.
struct GlobalStage: Sendable {
    /// `[grid, grid, channels]` of the size it was trained for; resized for images of another.
    let position: Variable
    let blocks: [TransformerBlock]

    init(
        _ weights: inout ParameterSource, _ name: String, grid: Int, channels: Int, blocks count: Int, heads: Int,
        ratio: Int
    ) throws(TensorError) {
        (position, blocks) = try weights.takeStage(
            name, grid: grid, channels: channels, blocks: count, heads: heads, ratio: ratio)
    }

    /// - Parameter isCheckpointed: whether blocks are computed again on the way back instead of being kept.
    func callAsFunction(
        _ input: Variable, probe: Probe?, isCheckpointed: Bool = false
    ) throws(TensorError) -> Variable {
        let shape = input.shape
        let placed = try add(input, resizeBicubic(position, height: shape[1], width: shape[2]))
        var x = try reshape(placed, [shape[0], shape[1] * shape[2], shape[3]])
        for block in blocks { x = try isCheckpointed ? block.recomputed(x) : block(x, probe: probe) }
        return try reshape(x, shape)
    }
}
