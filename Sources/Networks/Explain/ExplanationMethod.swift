import Tensors

/// How a heatmap is computed. All use exact gradients of the box's own logit, except rollout, which uses none.
public enum ExplanationMethod: String, CaseIterable, Sendable {
    case gradCAM = "grad-cam"
    case gradCAMPlusPlus = "grad-cam++"
    case hiResCAM = "hirescam"
    case attentionRollout = "attention-rollout"
    case relevance = "relevance"

    /// The default: what measures best for local logits, see docs of `HiResCAM`.
    public static let preferred = ExplanationMethod.hiResCAM

    /// Where it reads unless told otherwise; nil for methods that read attention in all blocks. HiResCAM's is the one that
    /// measured most faithful; Grad-CAM's and Grad-CAM++'s is the one that users of other libraries expect.
    public var defaultLayer: ExplanationLayer? {
        switch self {
        case .gradCAM, .gradCAMPlusPlus: .lastBlockNorm
        case .hiResCAM: .smoothPyramid
        case .attentionRollout, .relevance: nil
        }
    }

    /// The map of a method that reads one layer, before negative values are cut off.
    ///
    /// - Parameters: activation and gradient, `[1, cells, channels]`.
    func map(activation: Tensor, gradient: Tensor) throws(TensorError) -> [Float] {
        switch self {
        case .gradCAM: GradCAM.map(activation: activation, gradient: gradient)
        case .gradCAMPlusPlus: GradCAMPlusPlus.map(activation: activation, gradient: gradient)
        case .hiResCAM: HiResCAM.map(activation: activation, gradient: gradient)
        case .attentionRollout, .relevance: throw .notRecorded
        }
    }
}
