import Tensors

extension MobileTrunk {
    /// Positions are rows all the way, so that 1 x 1 convolutions are products; what blocks add to stays float32.
    func plan(
        _ builder: PlanBuilder, size: Int, position: Tensor
    ) throws(TensorError) -> (fine: Matrix, merged: Matrix) {
        let precision = builder.activationPrecision
        let image = builder.input(rows: size * size, columns: 1)
        let patches = TokenTables.patches(grid: size, kernel: 3, stride: stem.stride, padding: stem.padding)
        var x = try stem.plan(
            builder, patches: builder.gathered(image, patches, width: 9), in: precision, as: precision)
        var grid = size / stem.stride
        var maps: [Matrix] = []
        for (index, block) in blocks.enumerated() {
            x = try block.plan(builder, x, grid: grid)
            grid /= block.extents.stride
            if ends.contains(index) { maps.append(x) }
        }
        let high = try coarse.plan(builder, maps[2], in: precision, as: .float32)
        let merged = try middle.plan(
            builder, maps[1], adding: .rows(of: high, TokenTables.upsampled(grid: size / 16)), in: precision,
            as: .float32)
        return (maps[0], try builder.copy(merged, as: .float32, adding: position))
    }
}

extension InvertedResidual {
    /// - Parameters:
    ///   - x: one position a row; float32 where the block adds to it.
    ///   - grid: positions along a side.
    fileprivate func plan(_ builder: PlanBuilder, _ x: Matrix, grid: Int) throws(TensorError) -> Matrix {
        let precision = builder.activationPrecision
        let wide =
            if let expand { try expand.plan(builder, x, as: precision) } else { try builder.copy(x, as: precision) }
        let filtered = try builder.depthwise(
            wide, weight: depthwise.weight.value, bias: depthwise.bias.value, grid: grid, stride: depthwise.stride,
            padding: depthwise.padding)
        return try project.plan(
            builder, filtered, adding: extents.isResidual ? .matrix(x) : .nothing, as: .float32)
    }
}
