import Tensors

/// A vision transformer of two resolutions: a convolutional stem, windowed blocks at stride 8, global blocks at stride 16.
///
/// After ViTDet (Li et al. 2022: plain backbone, windows before global attention) and Early Convolutions (Xiao et al. 2021).
struct HierarchicalTransformer: Sendable {
    let stem: Stem
    let stage1: WindowStage
    let merge: Merge
    let stage2: GlobalStage
    let norm: Normalization

    init(_ weights: inout ParameterSource, _ configuration: DetectorConfiguration) throws(TensorError) {
        let e = configuration.extents
        let grid = configuration.inputSize / 8
        stem = try Stem(&weights, "stem", middle: e.stemChannels, channels: e.stage1Channels)
        stage1 = try WindowStage(
            &weights, "stage1", grid: grid, channels: e.stage1Channels, blocks: e.stage1Blocks, heads: e.stage1Heads,
            ratio: e.mlpRatio, window: e.window)
        merge = try Merge(&weights, "merge", from: e.stage1Channels, to: e.stage2Channels)
        stage2 = try GlobalStage(
            &weights, "stage2", grid: grid / 2, channels: e.stage2Channels, blocks: e.stage2Blocks,
            heads: e.stage2Heads, ratio: e.mlpRatio)
        norm = try Normalization(&weights, "norm", e.stage2Channels)
    }

    /// - Parameter image: `[batch, size, size, 1]` in [-1, 1].
    /// - Returns: `fine` `[batch, size / 8, size / 8, stage1Channels]`, `coarse` `[batch, size / 16, size / 16, stage2Channels]`.
    func callAsFunction(
        _ image: Variable, probe: Probe?, isCheckpointed: Bool = false
    ) throws(TensorError) -> (fine: Variable, coarse: Variable) {
        var fine = try stage1(stem(image), isCheckpointed: isCheckpointed)
        fine = probe?.enterStage2(fine) ?? fine
        let deep = try stage2(merge(fine), probe: probe, isCheckpointed: isCheckpointed)
        let coarse = try norm(deep)
        probe?.leaveStage2(deep, normed: coarse)
        return (fine, coarse)
    }
}
