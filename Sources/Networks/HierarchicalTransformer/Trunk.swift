import Tensors

/// What comes before the global blocks.
enum Trunk: Sendable {
    /// A stem, windowed blocks, and 2 x 2 tokens merged to one.
    case windows(WindowTrunk)
    /// Convolutions that were learned on photographs.
    case mobile(MobileTrunk)

    init(_ weights: inout ParameterSource, _ configuration: DetectorConfiguration) throws(TensorError) {
        let e = configuration.extents
        self =
            if let variant = e.trunk {
                .mobile(try MobileTrunk(&weights, "trunk", variant, to: e.stage2Channels))
            } else {
                .windows(try WindowTrunk(&weights, configuration))
            }
    }

    /// - Parameters:
    ///   - image: `[batch, size, size, 1]` in [-1, 1].
    ///   - probe: may begin to record gradients before the tokens are merged, or, where these are no longer the fine ones, at
    ///     the merged ones.
    /// - Returns: `fine` `[batch, size / 8, size / 8, channels]`, and what stage 2 begins with, `merged`
    ///   `[batch, size / 16, size / 16, stage2Channels]`.
    func callAsFunction(
        _ image: Variable, probe: Probe?, isCheckpointed: Bool
    ) throws(TensorError) -> (fine: Variable, merged: Variable) {
        switch self {
        case .windows(let trunk): return try trunk(image, probe: probe, isCheckpointed: isCheckpointed)
        case .mobile(let trunk):
            let (fine, merged) = try trunk(image)
            return (fine, probe?.enterStage2(merged) ?? merged)
        }
    }
}
