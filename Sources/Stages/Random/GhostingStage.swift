public import Pipelines
public import Transforms

/// `- ghosting: { ghosts: [4, 10], intensity: [0.3, 0.8], axes: [y] }`
public struct GhostingStage: RandomStage {
    public static let name = "ghosting"
    public static let summary = "Ghosts of an MR image along its phase-encoding axis, as breath and pulse make them."
    public static let parameters: [Parameter<GhostingStage>] = [
        .integers("ghosts", \.ghosts, count: 2...2, each: 2...64, "Least and greatest number of ghosts."),
        .numbers(
            "intensity", \.intensity, count: 2...2, each: 0...1, "Least and greatest share lost of every n-th line."),
        .number("restore", \.restore, in: 0...1, "Share of k-space, around its middle, that is left as it is."),
        .choices("axes", \.axes, "Phase-encoding axes to choose from."),
        .probability,
    ]

    var ghosts = [4, 10]
    var intensity = [0.3, 0.8]
    var restore = 0.02
    var axes = [Axis.y]
    public var probability = 1.0

    public init() {}

    public func mistakes() -> [String] {
        falling("ghosts", ghosts) + falling("intensity", intensity)
            + (axes.isEmpty ? ["axes: name at least one axis"] : [])
    }

    public func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws {
        let ghosting = Ghosting(
            axis: random.choice(axes), ghosts: random.count(between: ghosts),
            intensity: random.uniform(between: intensity), restore: restore)
        item.history.note("axis", .string(ghosting.axis.rawValue))
        item.history.note("ghosts", .integer(ghosting.ghosts))
        item.history.note("intensity", .number(ghosting.intensity))
        try item.volume.apply(ghosting, workers: context.workers)
    }
}
