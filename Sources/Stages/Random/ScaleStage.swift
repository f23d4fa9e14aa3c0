public import Pipelines
public import Transforms
import Volumes

/// `- scale: { factor: [0.8, 1.25] }`
public struct ScaleStage: RandomStage {
    public static let name = "scale"
    public static let summary =
        "Enlarge or shrink what the image shows at random, on the same grid; the geometry follows."
    public static let precedes: Set<Kind> = [.findings]
    public static let parameters: [Parameter<ScaleStage>] = [
        .numbers("factor", \.factor, count: 2...2, each: 0.1...10, "Least and greatest factor; above 1 enlarges."),
        .boolean("isotropic", \.isotropic, "One factor for all axes, or one for each."),
        .choice("interpolation", \.interpolation, "linear, or nearest. Masks always take nearest."),
        .number(
            "fill", \.fill, in: .ofVoxels,
            "Value of what comes from beyond the image; by default its least value, of each sequence its own."),
        .probability,
    ]

    var factor = [0.85, 1.15]
    var isotropic = true
    var interpolation = WarpInterpolation.linear
    var fill: Double?
    public var probability = 1.0

    public init() {}

    public func mistakes() -> [String] { falling("factor", factor) }

    public func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws {
        var warp = AffineWarp(scale: SIMD3(repeating: random.uniform(between: factor)))
        if !isotropic {
            (warp.scale.y, warp.scale.z) = (random.uniform(between: factor), random.uniform(between: factor))
        }
        if item.volume.shape.depth == 1 { warp.scale.z = 1 }
        try item.warp(by: warp, interpolation, fill: fill, context)
    }
}
