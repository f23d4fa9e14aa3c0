import Tensors

/// Convolutions that were learned on photographs, as the trunk of a detector: EfficientNet-Lite up to stride 32.
///
/// `[batch, size, size, 1]` to fine tokens of stride 8, and to the tokens of stride 16 that the global blocks begin with: those of
/// the trunk plus those of stride 32, both made as wide as the blocks are.
struct MobileTrunk: Sendable {
    let stem: Convolution2D
    let blocks: [InvertedResidual]
    /// The last blocks of strides 8, 16 and 32.
    let ends: [Int]
    let middle: Linear
    let coarse: Linear

    init(
        _ weights: inout ParameterSource, _ name: String, _ variant: EfficientNetLite, to channels: Int
    ) throws(TensorError) {
        stem = try Convolution2D(
            &weights, name + ".stem", from: 1, to: EfficientNetLite.stem, kernel: 3, stride: 2, padding: 1)
        var blocks: [InvertedResidual] = []
        for (index, extents) in variant.blocks.enumerated() {
            blocks.append(try InvertedResidual(&weights, "\(name).blocks.\(index)", extents))
        }
        (self.blocks, ends) = (blocks, variant.ends)
        middle = try Linear(&weights, name + ".middle", from: blocks[ends[1]].extents.output, to: channels)
        coarse = try Linear(&weights, name + ".coarse", from: blocks[ends[2]].extents.output, to: channels)
    }

    /// Channels of the fine tokens.
    static func fineChannels(_ variant: EfficientNetLite) -> Int { variant.blocks[variant.ends[0]].output }

    func callAsFunction(_ image: Variable) throws(TensorError) -> (fine: Variable, merged: Variable) {
        var x = try stem(image)
        var maps: [Variable] = []
        for (index, block) in blocks.enumerated() {
            x = try block(x)
            if ends.contains(index) { maps.append(x) }
        }
        return (maps[0], try add(middle(maps[1]), upsampleNearest(coarse(maps[2]))))
    }
}
