public import Pipelines
public import Transforms
import Volumes

/// `- affine: { degrees: [-10, 10], scale: [0.9, 1.1], distance: [-5, 5] }`: turns, scales and moves in one interpolation.
public struct AffineStage: RandomStage {
    public static let name = "affine"
    public static let summary = "Turn, scale and move the image at random, in one interpolation; the geometry follows."
    public static let precedes: Set<Kind> = [.findings]
    public static let parameters: [Parameter<AffineStage>] = [
        .numbers("degrees", \.degrees, count: 2...2, each: -180...180, unit: "degrees", "Least and greatest angle."),
        .choices("axes", \.axes, "Axes to turn about; an image of one slice turns about z."),
        .numbers("scale", \.scale, count: 2...2, each: 0.1...10, "Least and greatest factor; above 1 enlarges."),
        .numbers(
            "distance", \.distance, count: 2...2, each: -1000...1000, unit: "mm (pixels without spacing)",
            "Least and greatest shift along x and y, and along z where `axes` has x or y."),
        .choice("interpolation", \.interpolation, "linear, or nearest. Masks always take nearest."),
        .number(
            "fill", \.fill, in: .ofVoxels,
            "Value of what comes from beyond the image; by default its least value, of each sequence its own."),
        .probability,
    ]

    var degrees = [-10.0, 10.0]
    var axes = [Axis.z]
    var scale = [0.9, 1.1]
    var distance = [-5.0, 5.0]
    var interpolation = WarpInterpolation.linear
    var fill: Double?
    public var probability = 1.0

    public init() {}

    public func mistakes() -> [String] {
        falling("degrees", degrees) + falling("scale", scale) + falling("distance", distance)
    }

    public func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws {
        var warp = AffineWarp()
        let isFlat = item.volume.shape.depth == 1
        for axis in isFlat ? [.z] : axes { warp.degrees[axis.index] = random.uniform(between: degrees) }
        warp.scale = SIMD3(repeating: random.uniform(between: scale))
        let leavesPlane = !isFlat && axes.contains { $0 != .z }
        for axis in 0..<(leavesPlane ? 3 : 2) { warp.translation[axis] = random.uniform(between: distance) }
        try item.warp(by: warp, interpolation, fill: fill, context)
    }
}

/// How a warp makes values between voxels.
enum WarpInterpolation: String, CaseIterable {
    case nearest, linear

    var value: Interpolation { self == .linear ? .linear : .nearest }
}

extension Item {
    /// Notes a warp and moves image, masks and boxes by it. A box becomes the box around its eight corners.
    mutating func warp(
        by warp: AffineWarp, _ interpolation: WarpInterpolation, fill: Double?, _ context: StageContext
    ) throws {
        let fills =
            try fill.map { [$0] }
            ?? volume.measured { volume throws(TransformError) in Double(try volume.valueRange().lowerBound) }
        history.note("degrees", JSONValue(warp.degrees))
        history.note("scale", JSONValue(warp.scale))
        history.note("translation", JSONValue(warp.translation))
        history.note("fill", of: fills) { .number($0) }
        try moveGrid { volume, layer in
            try volume.warped(
                by: warp, interpolation: layer.interpolation(interpolation.value),
                fills: layer == .image ? fills.map { Float($0) } : [0],
                workers: context.workers)
        }
    }
}
