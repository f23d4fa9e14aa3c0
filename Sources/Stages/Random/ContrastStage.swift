public import Pipelines
public import Transforms

/// `- contrast: { factor: [0.75, 1.25] }`
public struct ContrastStage: RandomStage {
    public static let name = "contrast"
    public static let summary = "Spread or compress all voxels around their mean at random."
    public static let parameters: [Parameter<ContrastStage>] = [
        .numbers("factor", \.factor, count: 2...2, each: 0...10, "Least and greatest factor; 1 changes nothing."),
        .probability,
    ]

    var factor = [0.75, 1.25]
    public var probability = 1.0

    public init() {}

    public func mistakes() -> [String] { falling("factor", factor) }

    public func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws {
        let drawn = random.uniform(between: factor)
        item.history.note("factor", .number(drawn))
        _ = try item.volume.changeBySequence { volume in
            try volume.changeContrast(by: drawn, workers: context.workers)
            return true
        }
    }
}
