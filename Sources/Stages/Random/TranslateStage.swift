public import Pipelines
public import Transforms
import Volumes

/// `- translate: { distance: [-10, 10], axes: [x, y] }`
public struct TranslateStage: RandomStage {
    public static let name = "translate"
    public static let summary = "Move what the image shows at random, on the same grid; the geometry follows."
    public static let precedes: Set<Kind> = [.findings]
    public static let parameters: [Parameter<TranslateStage>] = [
        .numbers(
            "distance", \.distance, count: 2...2, each: -1000...1000, unit: "mm (pixels without spacing)",
            "Least and greatest shift, drawn for each axis."),
        .choices("axes", \.axes, "Axes to move along; an image of one slice stays in its plane."),
        .choice("interpolation", \.interpolation, "linear, or nearest. Masks always take nearest."),
        .number(
            "fill", \.fill, in: .ofVoxels,
            "Value of what comes from beyond the image; by default its least value, of each sequence its own."),
        .probability,
    ]

    var distance = [-10.0, 10.0]
    var axes = [Axis.x, .y]
    var interpolation = WarpInterpolation.linear
    var fill: Double?
    public var probability = 1.0

    public init() {}

    public func mistakes() -> [String] {
        falling("distance", distance) + (axes.isEmpty ? ["axes: name at least one axis to move along"] : [])
    }

    public func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws {
        var warp = AffineWarp()
        for axis in axes where axis != .z || item.volume.shape.depth > 1 {
            warp.translation[axis.index] = random.uniform(between: distance)
        }
        try item.warp(by: warp, interpolation, fill: fill, context)
    }
}
