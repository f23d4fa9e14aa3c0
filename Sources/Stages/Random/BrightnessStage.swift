public import Pipelines
public import Transforms

/// `- brightness: { delta: [-0.1, 0.1] }`
public struct BrightnessStage: RandomStage {
    public static let name = "brightness"
    public static let summary = "Add a random number to all voxels."
    public static let parameters: [Parameter<BrightnessStage>] = [
        .numbers("delta", \.delta, count: 2...2, each: .ofVoxels, "Least and greatest number to add."),
        .choice("measure", \.measure, "\(Measure.meaning)"),
        .probability,
    ]

    var delta = [-0.1, 0.1]
    var measure = Measure.range
    public var probability = 1.0

    public init() {}

    public func mistakes() -> [String] { falling("delta", delta) }

    public func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws {
        let drawn = random.uniform(between: delta)
        let added = try measure.factors(&item).map { drawn * $0 }
        item.history.note("delta", of: added) { .number($0) }
        var sequence = 0
        _ = try item.volume.changeBySequence { volume in
            try volume.brighten(by: added.count == 1 ? added[0] : added[sequence], workers: context.workers)
            sequence += 1
            return true
        }
    }
}
