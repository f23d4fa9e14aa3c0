public import Pipelines
public import Transforms
import Volumes

/// `- elastic: { alpha: [0, 10], sigma: 4 }`
public struct ElasticStage: RandomStage {
    public static let name = "elastic"
    public static let summary = "Deform the image smoothly at random (Simard); masks and boxes follow, the grid stays."
    public static let precedes: Set<Kind> = [.findings]
    public static let parameters: [Parameter<ElasticStage>] = [
        .numbers(
            "alpha", \.alpha, count: 2...2, each: 0...100, unit: "voxels of the finest axis",
            "Least and greatest strength: the largest displacement along any axis."),
        .number(
            "sigma", \.sigma, in: 0.5...100, unit: "voxels of the finest axis",
            "How smooth: the Gaussian's standard deviation."),
        .boolean(
            "normalized", \.normalized,
            "Scale the smoothed field so that alpha is the largest displacement; otherwise alpha multiplies it as it is."
        ),
        .choice("interpolation", \.interpolation, "linear, or nearest. Masks always take nearest."),
        .probability,
    ]

    var alpha = [0.0, 10.0]
    var sigma = 4.0
    var normalized = true
    var interpolation = WarpInterpolation.linear
    public var probability = 1.0

    public init() {}

    public func mistakes() -> [String] { falling("alpha", alpha) }

    /// The result, and the field's three components.
    public func workingBytes(_ input: Outline) -> Int {
        var grid = input
        if !grid.shape.isEmpty { grid.shape[0] = 3 }
        return input.times(1, and: grid)
    }

    public func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws {
        let strength = random.uniform(between: alpha)
        item.history.note("alpha", .number(strength))
        let volume = item.volume
        let field = DisplacementField.elastic(
            volume.shape, spacing: volume.geometry.isPhysical ? volume.geometry.spacing : .one, alpha: strength,
            sigma: sigma, isNormalized: normalized, random: random, workers: context.workers)
        try item.warp(by: field, interpolation, context)
    }
}

extension Item {
    /// Moves image, masks and boxes by a field. A box becomes the box around every voxel that shows something of it.
    mutating func warp(
        by field: DisplacementField, _ interpolation: WarpInterpolation, _ context: StageContext
    ) throws {
        volume = try volume.warped(by: field, interpolation: interpolation.value, workers: context.workers)
        for (name, mask) in masks {
            masks[name] = Mask(try mask.volume.warped(by: field, interpolation: .nearest, workers: context.workers))
        }
        let moved = boxes.compactMap { labeled in
            field.moved(labeled.box).map { LabeledBox(label: labeled.label, box: $0) }
        }
        if moved.count < boxes.count {
            warn("box-outside", "\(boxes.count - moved.count) of \(boxes.count) boxes were moved out of the image")
        }
        boxes = moved
    }
}
