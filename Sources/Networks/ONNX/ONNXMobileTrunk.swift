import Tensors

extension ONNXGraph {
    /// The trunk of convolutions; see `MobileTrunk`.
    ///
    /// - Parameter image: `[1, 1, size, size]` in [-1, 1].
    /// - Returns: the tokens of stride 8, and those of stride 16 without their positions.
    mutating func mobileTrunk(
        _ image: Value, _ variant: EfficientNetLite
    ) throws(TensorError) -> (fine: Value, merged: Value) {
        let ends = variant.ends
        var x = try convolution("trunk.stem", image, stride: 2, padding: 1)
        var maps: [Value] = []
        for (index, extents) in variant.blocks.enumerated() {
            x = try invertedResidual("trunk.blocks.\(index)", x, extents)
            if ends.contains(index) { maps.append(tokens("trunk.blocks.\(index).tokens", x)) }
        }
        let high = upsample("trunk.coarse.upsampled", try linear("trunk.coarse", maps[2]), to: image.shape[2] / 16)
        return (maps[0], binary("Add", "trunk.merged", try linear("trunk.middle", maps[1]), high))
    }

    private mutating func invertedResidual(
        _ name: String, _ x: Value, _ extents: InvertedResidual.Extents
    ) throws(TensorError) -> Value {
        let wide = extents.expansion == 1 ? x : try convolution(name + ".expand", x, padding: 0)
        let filtered = try convolution(
            name + ".depthwise", clip(name + ".expand.relu6", wide, from: 0, to: 6), stride: extents.stride,
            padding: extents.kernel / 2, groups: wide.shape[1])
        let narrow = try convolution(
            name + ".project", clip(name + ".depthwise.relu6", filtered, from: 0, to: 6), padding: 0)
        return extents.isResidual ? binary("Add", name, x, narrow) : narrow
    }
}
