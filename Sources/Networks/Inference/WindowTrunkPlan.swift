import Tensors

extension WindowTrunk {
    /// Tokens are in the order of their windows from the stem on, so that a window is a run of rows.
    func plan(
        _ builder: PlanBuilder, size: Int, position: Tensor
    ) throws(TensorError) -> (fine: Matrix, merged: Matrix) {
        let order = TokenTables.windows(grid: size / 8, window: stage1.window)
        let back = TokenTables.inverse(order)
        let windows = try planStage1(builder, size: size, order: order)
        let merged = try builder.gathered(
            windows, TokenTables.merges(grid: size / 8).map { back[Int($0)] }, width: 4)
        return (
            try builder.gathered(windows, back, width: 1), try merge.plan(builder, merged, position: position)
        )
    }

    /// Stage 1's output in the order of its windows.
    private func planStage1(_ builder: PlanBuilder, size: Int, order: [Int32]) throws(TensorError) -> Matrix {
        let grid = size / 8
        let image = builder.input(rows: size * size / 4, columns: 4)
        let precision = builder.activationPrecision
        let first = try stem.conv1.plan(
            builder, patches: builder.gathered(image, TokenTables.pixelRuns(size: size, patch: 4), width: 4),
            in: precision, as: .float32)
        let middle = try stem.norm1.plan(builder, first, isGELU: true, as: precision)
        let windows = TokenTables.patches(grid: 2 * grid, kernel: 3, stride: 2, padding: 1)
        let patches = try builder.gathered(middle, TokenTables.reordered(windows, by: order, width: 9), width: 9)
        let second = try stem.conv2.plan(builder, patches: patches, in: precision, as: .float32)
        let position = try stage1.position.placed(grid: grid)
        let ordered = Tensor(position.shape) { out in
            position.withUnsafeElements { source in
                for (place, token) in order.enumerated() {
                    (out.baseAddress! + place * position.shape[1]).update(
                        from: source.baseAddress! + Int(token) * position.shape[1], count: position.shape[1])
                }
            }
        }
        var x = try stem.norm2.plan(builder, second, adding: ordered, as: .float32)
        let images = grid * grid / (stage1.window * stage1.window)
        for block in stage1.blocks { x = try block.plan(builder, x, images: images) }
        return x
    }
}

extension Merge {
    fileprivate func plan(_ builder: PlanBuilder, _ merged: Matrix, position: Tensor) throws(TensorError) -> Matrix {
        try reduction.plan(
            builder, norm.plan(builder, merged, as: builder.backend.precision), adding: .constant(position),
            as: .float32)
    }
}
