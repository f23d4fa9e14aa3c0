public import Pipelines
public import Transforms
import Volumes

/// `- rotate: { degrees: [-15, 15], axes: [z] }`
public struct RotateStage: RandomStage {
    public static let name = "rotate"
    public static let summary = "Turn the image about its centre at random; the geometry follows."
    public static let precedes: Set<Kind> = [.findings]
    public static let parameters: [Parameter<RotateStage>] = [
        .numbers("degrees", \.degrees, count: 2...2, each: -180...180, unit: "degrees", "Least and greatest angle."),
        .choices(
            "axes", \.axes, "Axes to turn about, each by an angle of its own; an image of one slice turns about z."),
        .choice("interpolation", \.interpolation, "linear, or nearest. Masks always take nearest."),
        .number(
            "fill", \.fill, in: .ofVoxels,
            "Value of what comes from beyond the image; by default its least value, of each sequence its own."),
        .probability,
    ]

    var degrees = [-15.0, 15.0]
    var axes = [Axis.z]
    var interpolation = WarpInterpolation.linear
    var fill: Double?
    public var probability = 1.0

    public init() {}

    public func mistakes() -> [String] {
        falling("degrees", degrees) + (axes.isEmpty ? ["axes: name at least one axis to turn about"] : [])
    }

    public func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws {
        var warp = AffineWarp()
        for axis in item.volume.shape.depth == 1 ? [.z] : axes {
            warp.degrees[axis.index] = random.uniform(between: degrees)
        }
        try item.warp(by: warp, interpolation, fill: fill, context)
    }
}
