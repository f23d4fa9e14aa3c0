public import Pipelines
import Transforms

/// `- resample: { spacing: [1, 1, 1] }`
public struct ResampleStage: Stage {
    public static let name = "resample"
    public static let summary = "Onto a grid of another spacing over the same extent."
    public static let precedes: Set<Kind> = [.findings]
    public static let parameters: [Parameter<ResampleStage>] = [
        .numbers("spacing", \.spacing, count: 3...3, each: 0.01...1000, unit: "mm", "New spacing along x, y, z."),
        .choice(
            "interpolation", \.interpolation,
            "nearest, linear, area (the mean of what a voxel covers) or cubic (B-spline); masks are always picked nearest."
        ),
        .boolean("antialias", \.antialias, "Widen the filter when shrinking, so that detail does not alias."),
        .boolean(
            "anisotropic", \.anisotropic,
            "Where spacings differ more than threefold, take the nearest slice across the coarsest axis (nnU-Net's rule)."
        ),
    ]

    var spacing: [Double] = [1, 1, 1]
    var interpolation = Interpolation.linear
    var antialias = true
    var anisotropic = false

    public init() {}

    public func outline(_ input: Outline) -> Outline {
        guard input.spacing.count == 3, input.shape.count == 4 else { return input }
        let sizes = (0..<3).map { axis in
            max(1, Int(min(Double(input.shape[3 - axis]) * input.spacing[axis] / spacing[axis], 1e9).rounded()))
        }
        return Outline(shape: [input.shape[0], sizes[2], sizes[1], sizes[0]], spacing: spacing)
    }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        try item.volume.requireOneSlope(for: Self.name)
        if interpolation != .nearest { try item.volume.requireNoPadding(for: Self.name) }
        try item.moveGrid { volume, layer in
            try volume.resampled(
                toSpacing: [spacing[0], spacing[1], spacing[2]], interpolation: layer.interpolation(interpolation),
                antialias: antialias, picksAcross: anisotropic, mayDefer: layer == .image && context.isReadOnce,
                workers: context.workers)
        }
    }
}
