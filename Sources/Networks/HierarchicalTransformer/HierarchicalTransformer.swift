import Tensors

/// A backbone of two resolutions: a trunk with tokens of stride 8, then global blocks at stride 16.
///
/// After ViTDet (Li et al. 2022: plain backbone, windows before global attention) and Early Convolutions (Xiao et al. 2021).
struct HierarchicalTransformer: Sendable {
    let trunk: Trunk
    let stage2: GlobalStage
    let norm: Normalization

    init(_ weights: inout ParameterSource, _ configuration: DetectorConfiguration) throws(TensorError) {
        let e = configuration.extents
        trunk = try Trunk(&weights, configuration)
        stage2 = try GlobalStage(
            &weights, "stage2", grid: configuration.inputSize / 16, channels: e.stage2Channels, blocks: e.stage2Blocks,
            heads: e.stage2Heads, ratio: e.mlpRatio)
        norm = try Normalization(&weights, "norm", e.stage2Channels)
    }

    /// - Parameter image: `[batch, size, size, 1]` in [-1, 1].
    /// - Returns: `fine` `[batch, size / 8, size / 8, fineChannels]`, `coarse` `[batch, size / 16, size / 16, stage2Channels]`.
    func callAsFunction(
        _ image: Variable, probe: Probe?, isCheckpointed: Bool = false
    ) throws(TensorError) -> (fine: Variable, coarse: Variable) {
        let (fine, merged) = try trunk(image, probe: probe, isCheckpointed: isCheckpointed)
        let deep = try stage2(merged, probe: probe, isCheckpointed: isCheckpointed)
        let coarse = try norm(deep)
        probe?.leaveStage2(deep, normed: coarse)
        return (fine, coarse)
    }
}
