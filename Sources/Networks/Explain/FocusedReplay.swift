import Tensors

/// The last block of stage 2 and the dense head once more on the tape, of all that they compute only what some cells' logits
/// depend on: 5 x 5 cells of the head's tower, the tokens under them, and every token's key and value.
///
/// Logits and gradients are those of the whole network, from a small part of its work: ten boxes cost less than one forward
/// pass.
struct FocusedReplay {
    private let network: DetectorNetwork
    private let block: TransformerBlock
    /// The last block's input, and its queries, keys and values, of all tokens.
    private let x: Variable
    private let q: Variable
    private let k: Variable
    private let v: Variable
    /// Stage 1, `[1, tokens, channels]`.
    private let fine: Variable
    private let pyramid: Pyramid
    /// Tokens along a side of stage 2.
    private let grid: Int

    /// - Parameter probe: takes note of the block's input and its first norm.
    init(_ network: DetectorNetwork, _ result: DetectorPlan.Result, probe: Probe) throws(TensorError) {
        guard let last = network.backbone.stage2.blocks.last else { throw .notRecorded }
        (self.network, block, pyramid) = (network, last, network.pyramid)
        grid = result.coarse.shape[1]
        x = probe.enterBlock(Variable(result.lastInput))
        let normed = try last.norm1(x)
        probe.leaveBlock(firstNorm: normed)
        let channels = x.shape.last
        let together = try last.qkv(normed)
        q = try narrow(together, from: 0, count: channels)
        k = try narrow(together, from: channels, count: channels)
        v = try narrow(together, from: 2 * channels, count: channels)
        fine = Variable(try result.fine.reshaped([1, 4 * grid * grid, result.fine.shape.last]))
    }

    /// Class logits of cells, in their order: `[1, cells, classes]`.
    func logits(of cells: [Int]) throws(TensorError) -> Variable {
        var logits: Variable?
        for cell in cells {
            let own = try self.logits(of: cell)
            logits = if let before = logits { try concatenate(before, own) } else { own }
        }
        guard let logits else { throw .notRecorded }
        return logits
    }

    private func logits(of cell: Int) throws(TensorError) -> Variable {
        let around = CellSurroundings(cell: cell, grid: grid)
        return try around.logits(
            network.dense, features(level: around.level, rows: around.rows, columns: around.columns))
    }

    /// Some of a level's cells, row by row: `[1, cells, channels]`.
    private func features(
        level: Int, rows: ClosedRange<Int>, columns: ClosedRange<Int>
    ) throws(TensorError) -> Variable {
        switch level {
        case 0:
            let under = (rows.lowerBound / 2...rows.upperBound / 2, columns.lowerBound / 2...columns.upperBound / 2)
            let width = under.1.count
            let places = rows.flatMap { row in
                columns.map { (row / 2 - under.0.lowerBound) * width + $0 / 2 - under.1.lowerBound }
            }
            let high = try gather(high(under.0, under.1), [places])
            let own = try gather(fine, [rows.flatMap { row in columns.map { row * 2 * grid + $0 } }])
            return try pyramid.norm8(add(pyramid.lateral(own), high))
        case 1: return try pyramid.norm16(high(rows, columns))
        default:
            guard let coarsest = pyramid.coarsest else { throw .notRecorded }
            // From one output earlier on, so that the convolution's stride falls on the same tokens as in the whole image.
            let (top, left) = (max(0, rows.lowerBound - 1), max(0, columns.lowerBound - 1))
            let seen = (
                2 * top...min(grid - 1, 2 * rows.upperBound + 1), 2 * left...min(grid - 1, 2 * columns.upperBound + 1)
            )
            let image = try reshape(
                high(seen.0, seen.1), [1, seen.0.count, seen.1.count, pyramid.top.bias.shape.last])
            let down = try coarsest.down(image)
            let width = down.shape[2]
            let places = rows.flatMap { row in columns.map { (row - top) * width + $0 - left } }
            let flat = try reshape(down, [1, down.shape[1] * width, down.shape[3]])
            return try coarsest.norm32(gather(flat, [places]))
        }
    }

    /// Stage 2's tokens in the pyramid's channels: `[1, tokens, channels]`.
    private func high(_ rows: ClosedRange<Int>, _ columns: ClosedRange<Int>) throws(TensorError) -> Variable {
        let tokens = rows.flatMap { row in columns.map { row * grid + $0 } }
        let looks = try attentionProbabilities(gather(q, [tokens]), k, heads: block.heads)
        let attended = try add(gather(x, [tokens]), block.proj(attentionMix(looks, v)))
        return try pyramid.top(network.backbone.norm(add(attended, block.perceptron(block.norm2(attended)))))
    }
}
