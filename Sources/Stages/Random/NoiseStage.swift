public import Pipelines
public import Transforms

/// `- noise: { deviation: [0, 0.05] }`
public struct NoiseStage: RandomStage {
    public static let name = "noise"
    public static let summary = "Add normal noise of a random strength, independent in each voxel."
    public static let parameters: [Parameter<NoiseStage>] = [
        .numbers(
            "deviation", \.deviation, count: 2...2, each: 0...3.4e38, "Least and greatest standard deviation."),
        .choice("measure", \.measure, "\(Measure.meaning)"),
        .probability,
    ]

    var deviation = [0.0, 0.05]
    var measure = Measure.range
    public var probability = 1.0

    public init() {}

    public func mistakes() -> [String] { falling("deviation", deviation) }

    public func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws {
        let drawn = random.uniform(between: deviation)
        let deviations = try measure.factors(&item).map { drawn * $0 }
        item.history.note("deviation", of: deviations) { .number($0) }
        try item.volume.addNoise(deviations: deviations, field: random.field(1), workers: context.workers)
    }
}
