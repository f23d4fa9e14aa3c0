import Tensors

/// Blocks whose attention stays within windows of `window` x `window` tokens: cost grows with the image, not its square.
///
/// `[batch, height, width, channels]` in and out; height and width are multiples of the window.
struct WindowStage: Sendable {
    /// `[grid, grid, channels]` of the size it was trained for; resized for images of another.
    let position: Variable
    let blocks: [TransformerBlock]
    let window: Int

    init(
        _ weights: inout ParameterSource, _ name: String, grid: Int, channels: Int, blocks count: Int, heads: Int,
        ratio: Int, window: Int
    ) throws(TensorError) {
        (position, blocks) = try weights.takeStage(
            name, grid: grid, channels: channels, blocks: count, heads: heads, ratio: ratio)
        self.window = window
    }

    /// - Parameter isCheckpointed: whether blocks are computed again on the way back instead of being kept.
    func callAsFunction(_ input: Variable, isCheckpointed: Bool = false) throws(TensorError) -> Variable {
        let (batch, height, width, channels) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3])
        let (down, across) = (height / window, width / window)
        let placed = try add(input, resizeBicubic(position, height: height, width: width))
        let windows = try permute(
            reshape(placed, [batch, down, window, across, window, channels]),
            [0, 1, 3, 2, 4, 5])
        var x = try reshape(windows, [batch * down * across, window * window, channels])
        for block in blocks { x = try isCheckpointed ? block.recomputed(x) : block(x) }
        let grid = try permute(reshape(x, [batch, down, across, window, window, channels]), [0, 1, 3, 2, 4, 5])
        return try reshape(grid, input.shape)
    }
}
