import Tensors

/// What comes before the global blocks, as steps of a plan.
extension Trunk {
    /// Pixels in a row of the input: the stem of windows gathers them by fours.
    var inputRuns: Int {
        switch self {
        case .windows: 4
        case .mobile: 1
        }
    }

    /// - Parameters:
    ///   - size: of the image, whose pixels in [-1, 1] are the plan's input.
    ///   - position: of stage 2's tokens, `[tokens, channels]`, added to `merged`.
    /// - Returns: the tokens of stride 8 and what the first global block begins with, float32, row by row.
    func plan(
        _ builder: PlanBuilder, size: Int, position: Tensor
    ) throws(TensorError) -> (fine: Matrix, merged: Matrix) {
        switch self {
        case .windows(let trunk): try trunk.plan(builder, size: size, position: position)
        case .mobile(let trunk): try trunk.plan(builder, size: size, position: position)
        }
    }
}

extension Variable {
    /// Learned positions `[grid, grid, channels]`, resized: `[tokens, channels]`.
    func placed(grid: Int) throws(TensorError) -> Tensor {
        try resizeBicubic(self, height: grid, width: grid).value.reshaped([grid * grid, shape.last])
    }
}
