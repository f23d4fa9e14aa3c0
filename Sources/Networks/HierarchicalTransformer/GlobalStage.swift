import Tensors

/// Blocks in which every token sees every other: `[batch, height, width, channels]` in and out.
struct GlobalStage: Sendable {
    let position: Tensor
    let blocks: [TransformerBlock]

    init(
        _ weights: inout WeightFile, _ name: String, grid: Int, channels: Int, blocks count: Int, heads: Int, ratio: Int
    ) throws(TensorError) {
        position = try weights.take(name + ".position", [grid, grid, channels])
        var blocks: [TransformerBlock] = []
        for index in 0..<count {
            blocks.append(
                try TransformerBlock(
                    &weights, "\(name).blocks.\(index)", channels: channels, heads: heads, ratio: ratio))
        }
        self.blocks = blocks
    }

    func callAsFunction(_ input: Variable, probe: Probe?) throws(TensorError) -> Variable {
        let shape = input.shape
        var x = try reshape(add(input, Variable(position)), [shape[0], shape[1] * shape[2], shape[3]])
        for block in blocks { x = try block(x, probe: probe) }
        return try reshape(x, shape)
    }
}
