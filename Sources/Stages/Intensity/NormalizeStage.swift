public import Pipelines
import Transforms

/// `- normalize: { method: percentile, lower: 1, upper: 99.8 }`
public struct NormalizeStage: Stage {
    enum Method: String, CaseIterable {
        case minMax = "min-max"
        case zScore = "z-score"
        case percentile
        case radiograph
    }

    /// What becomes of MONOCHROME1, where high values are dark.
    enum Polarity: String, CaseIterable { case keep, display }

    public static let name = "normalize"
    public static let summary = "Bring intensities onto one scale: min-max, z-score, percentile, or by BitsStored."
    public static let produces: Set<Kind> = [.normalized]
    public static let parameters: [Parameter<NormalizeStage>] = [
        .choice(
            "method", \.method,
            "min-max, percentile and radiograph give [0, 1]; z-score gives mean 0 and deviation 1."),
        .number("lower", \.lower, in: 0...100, unit: "percent", "Percentile that becomes 0 (percentile only)."),
        .number("upper", \.upper, in: 0...100, unit: "percent", "Percentile that becomes 1 (percentile only)."),
        .choice(
            "polarity", \.polarity,
            "display inverts MONOCHROME1 last, so that high is bright; radiograph always does. Not for z-score."),
    ]

    var method = Method.percentile
    var lower = 1.0
    var upper = 99.8
    var polarity = Polarity.keep

    public init() {}

    public func mistakes() -> [String] {
        var result: [String] = []
        if lower >= upper { result.append("lower (\(lower)) must be below upper (\(upper))") }
        if polarity == .display, method == .zScore { result.append("polarity display needs intensities in [0, 1]") }
        return result
    }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        let varies =
            switch method {
            case .minMax: try item.volume.normalize(.minMax)
            case .zScore: try item.volume.normalize(.zScore)
            case .percentile: try item.volume.normalize(.percentile(lower: lower, upper: upper))
            case .radiograph: try item.volume.normalize(.radiograph)
            }
        if polarity == .display { item.volume.invertIfMonochrome1() }
        if !varies { item.warn("constant-image", "every voxel has the same value; normalized to 0") }
    }
}
