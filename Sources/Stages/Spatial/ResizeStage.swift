public import Pipelines
import Transforms
import Volumes

/// `- resize: { size: [512, 512], keepAspect: true }`
public struct ResizeStage: Stage {
    public static let name = "resize"
    public static let summary = "Onto a grid of another size: each slice, or the whole volume with three sizes."
    public static let precedes: Set<Kind> = [.findings]
    public static let parameters: [Parameter<ResizeStage>] = [
        .integers(
            "size", \.size, count: 2...3, each: 1...16384, unit: "pixels",
            "[height, width] of each slice, or [depth, height, width]."),
        .boolean(
            "keepAspect", \.keepAspect,
            "One scale for height and width in the patient: pixels become square, padded around the centre."),
        .number("fill", \.fill, in: .ofVoxels, "Value of padding."),
        .choice(
            "interpolation", \.interpolation,
            "nearest, linear, area (the mean of what a voxel covers) or cubic (B-spline); masks are always picked nearest."
        ),
        .boolean("antialias", \.antialias, "Widen the filter when shrinking, so that detail does not alias."),
    ]

    var size = [512, 512]
    var keepAspect = false
    var fill = 0.0
    var interpolation = Interpolation.linear
    var antialias = true

    public init() {}

    public func mistakes() -> [String] {
        keepAspect && size.count == 3 ? ["keepAspect works on slices: give size as [height, width]"] : []
    }

    public func outline(_ input: Outline) -> Outline {
        guard input.shape.count == 4 else { return input }
        let shape = size.count == 3 ? [input.shape[0]] + size : [input.shape[0], input.shape[1]] + size
        var spacing = zip(0..., input.spacing).map { axis, spacing in
            spacing * Double(input.shape[3 - axis]) / Double(shape[3 - axis])
        }
        // The slice's longer side, in the grid's measure, decides for both.
        if keepAspect { (spacing[0], spacing[1]) = (max(spacing[0], spacing[1]), max(spacing[0], spacing[1])) }
        return Outline(shape: shape, spacing: spacing)
    }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        let depth = size.count == 3 ? size[0] : item.volume.shape.depth
        let (height, width) = (size[size.count - 2], size[size.count - 1])
        if size.count == 3 { try item.volume.requireOneSlope(for: Self.name) }
        if interpolation != .nearest { try item.volume.requireNoPadding(for: Self.name) }
        try item.moveGrid { volume, layer in
            keepAspect
                ? try volume.letterboxed(
                    height: height, width: width, fill: layer.fill(fill),
                    interpolation: layer.interpolation(interpolation), antialias: antialias)
                : try volume.resampled(
                    depth: depth, height: height, width: width, interpolation: layer.interpolation(interpolation),
                    antialias: antialias, workers: context.workers)
        }
    }

    /// What `run` does to an image of one slice, for readers that have its rows one by one; nil where it is more.
    func resampling(of shape: Shape) -> SliceResampling? {
        guard !keepAspect, size.count == 2 || size[0] == 1, shape.depth == 1 else { return nil }
        return SliceResampling(
            of: shape, height: size[size.count - 2], width: size[size.count - 1], interpolation: interpolation,
            antialias: antialias)
    }
}
