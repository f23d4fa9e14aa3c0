import Tensors

extension ParameterSource {
    /// What both kinds of stages learn: positions `[grid, grid, channels]`, and their blocks.
    mutating func takeStage(
        _ name: String, grid: Int, channels: Int, blocks count: Int, heads: Int, ratio: Int
    ) throws(TensorError) -> (position: Variable, blocks: [TransformerBlock]) {
        let position = try take(name + ".position", [grid, grid, channels], .truncatedNormal(deviation: 0.02))
        var blocks: [TransformerBlock] = []
        for index in 0..<count {
            blocks.append(
                try TransformerBlock(&self, "\(name).blocks.\(index)", channels: channels, heads: heads, ratio: ratio))
        }
        return (position, blocks)
    }
}
