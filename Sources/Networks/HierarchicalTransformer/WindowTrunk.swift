import Tensors

/// The trunk of the hierarchical transformers: a token for each 8 x 8 pixels, blocks within windows, one token of four.
struct WindowTrunk: Sendable {
    let stem: Stem
    let stage1: WindowStage
    let merge: Merge

    init(_ weights: inout ParameterSource, _ configuration: DetectorConfiguration) throws(TensorError) {
        let e = configuration.extents
        stem = try Stem(&weights, "stem", middle: e.stemChannels, channels: e.stage1Channels)
        stage1 = try WindowStage(
            &weights, "stage1", grid: configuration.inputSize / 8, channels: e.stage1Channels, blocks: e.stage1Blocks,
            heads: e.stage1Heads, ratio: e.mlpRatio, window: e.window)
        merge = try Merge(&weights, "merge", from: e.stage1Channels, to: e.stage2Channels)
    }

    /// As `Trunk`; the probe begins at the fine tokens.
    func callAsFunction(
        _ image: Variable, probe: Probe?, isCheckpointed: Bool
    ) throws(TensorError) -> (fine: Variable, merged: Variable) {
        var fine = try stage1(stem(image), isCheckpointed: isCheckpointed)
        fine = probe?.enterStage2(fine) ?? fine
        return (fine, try merge(fine))
    }
}
