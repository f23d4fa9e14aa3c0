public import Pipelines
public import Transforms

/// `- gamma: { exponent: [0.7, 1.5] }`
public struct GammaStage: RandomStage {
    public static let name = "gamma"
    public static let summary = "Raise intensities between the image's least and greatest value to a random power."
    public static let parameters: [Parameter<GammaStage>] = [
        .numbers(
            "exponent", \.exponent, count: 2...2, each: 0.05...10,
            "Least and greatest exponent, drawn evenly in its logarithm; below 1 brightens the dark."),
        .probability,
    ]

    var exponent = [0.7, 1.5]
    public var probability = 1.0

    public init() {}

    public func mistakes() -> [String] { falling("exponent", exponent) }

    public func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws {
        let drawn = random.exponential(between: exponent)
        item.history.note("exponent", .number(drawn))
        let varies = try item.volume.changeBySequence { try $0.applyGamma(drawn, workers: context.workers) }
        if !varies {
            item.warn("constant-image", "every voxel has the same value; gamma leaves it")
        }
    }
}
