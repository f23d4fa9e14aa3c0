public import Pipelines
public import Transforms
import Volumes

/// `- patch-mask: { ratio: 0.1, size: [16, 16, 16] }`
public struct PatchMaskStage: RandomStage {
    public static let name = "patch-mask"
    public static let summary =
        "Hide an exact share of the image's patches, drawn at random; the mask \"patches\" is kept."
    public static let parameters: [Parameter<PatchMaskStage>] = [
        .number("ratio", \.ratio, in: 0...1, "Share of patches that are hidden."),
        .integers(
            "size", \.size, count: 2...3, each: 1...1024, unit: "voxels",
            "[height, width] of a patch in one slice, or [depth, height, width]."),
        .choice("fill", \.fill, "What stands in hidden patches; noise has mean and deviation of the image."),
        .probability,
    ]

    var ratio = 0.1
    var size = [16, 16, 16]
    var fill = Covering.zero
    public var probability = 1.0

    public init() {}

    public func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws {
        let patch = SIMD3(size[size.count - 1], size[size.count - 2], size.count == 3 ? size[0] : 1)
        let shape = item.volume.shape
        let hidden = PatchMask.draw(ratio, of: shape, size: patch, &random)
        let grid = PatchMask.grid(shape, size: patch)
        item.history.note("grid", .array([.integer(grid.z), .integer(grid.y), .integer(grid.x)]))
        item.history.note("count", .integer(hidden.hidden.count))
        // Thousands of numbers would drown the sidecar; they follow from seed, item, variant and stage.
        if hidden.hidden.count <= 1000 { item.history.note("patches", .array(hidden.hidden.map { .integer($0) })) }
        let mask = hidden.mask(on: shape, geometry: item.volume.geometry)
        try item.volume.cover(mask, with: fill, field: random.field(1), workers: context.workers)
        item.hide(mask, as: "patches")
    }
}

extension Item {
    /// Keeps a mask of what was hidden, together with what a stage before has hidden under the same name.
    mutating func hide(_ mask: Mask, as name: String) {
        let before = masks[name]?.labels
        masks[name] = Mask(
            labels: before.map { zip($0, mask.labels).map { max($0, $1) } } ?? mask.labels, shape: mask.shape,
            geometry: mask.geometry)
    }
}
