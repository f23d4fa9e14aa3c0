import Tensors

extension ONNXGraph {
    /// The stem and the windowed blocks; see `WindowTrunk`.
    ///
    /// - Parameter image: `[1, 1, size, size]` in [-1, 1].
    /// - Returns: the tokens of stride 8, and those of stride 16 without their positions.
    mutating func windowTrunk(
        _ image: Value, _ extents: DetectorConfiguration.Extents
    ) throws(TensorError) -> (fine: Value, merged: Value) {
        let (size, grid) = (image.shape[2], image.shape[2] / 8)
        let first = tokens("stem.conv1.tokens", try convolution("stem.conv1", image, stride: 4, padding: 0))
        let middle = self.image(
            "stem.gelu.image", gelu("stem.gelu", try norm("stem.norm1", first)), grid: size / 4)
        let second = tokens("stem.conv2.tokens", try convolution("stem.conv2", middle, stride: 2, padding: 1))
        let placed = binary(
            "Add", "stage1.placed", try norm("stem.norm2", second),
            try weight("stage1.position", shape: [grid * grid, extents.stage1Channels]))

        // A window becomes a run of rows, as in a plan.
        let order = TokenTables.windows(grid: grid, window: extents.window)
        let back = TokenTables.inverse(order)
        var x = gather("stage1.windows", placed, table("windows.\(grid)", order.map { Int($0) }))
        let windows = grid * grid / (extents.window * extents.window)
        for index in 0..<extents.stage1Blocks {
            x = try transformerBlock("stage1.blocks.\(index)", x, images: windows, heads: extents.stage1Heads)
        }
        let merges = TokenTables.merges(grid: grid).map { Int(back[Int($0)]) }
        let joined = gather("merge.tokens", x, table("merges.\(grid)", merges, shape: [grid * grid / 4, 4]))
        return (
            gather("stage1.fine", x, table("tokens.\(grid)", back.map { Int($0) })),
            try linear("merge.reduction", norm("merge.norm", joined))
        )
    }
}
