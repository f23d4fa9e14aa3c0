/// How a heatmap is computed. All use exact gradients of the box's own logit, except rollout, which uses none.
public enum ExplanationMethod: String, CaseIterable, Sendable {
    case gradCAM = "grad-cam"
    case gradCAMPlusPlus = "grad-cam++"
    case hiResCAM = "hirescam"
    case attentionRollout = "attention-rollout"
    case relevance = "relevance"

    /// The default: what measures best for local logits, see docs of `HiResCAM`.
    public static let preferred = ExplanationMethod.hiResCAM
}
