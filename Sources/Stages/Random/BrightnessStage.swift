public import Pipelines
public import Transforms

/// `- brightness: { delta: [-0.1, 0.1] }`
public struct BrightnessStage: RandomStage {
    public static let name = "brightness"
    public static let summary = "Add a random number to all voxels."
    public static let parameters: [Parameter<BrightnessStage>] = [
        .numbers("delta", \.delta, count: 2...2, "Least and greatest number to add."),
        .choice("measure", \.measure, "\(Measure.meaning)"),
        .probability,
    ]

    var delta = [-0.1, 0.1]
    var measure = Measure.range
    public var probability = 1.0

    public init() {}

    public func mistakes() -> [String] { falling("delta", delta) }

    public func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws {
        let added = random.uniform(between: delta) * (try measure.factor(&item))
        item.history.note("delta", .number(added))
        try item.volume.brighten(by: added, workers: context.workers)
    }
}
