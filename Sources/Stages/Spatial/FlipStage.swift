public import Pipelines
import Transforms

/// `- flip: { axis: y, probability: 0.5 }`
public struct FlipStage: Stage {
    public static let name = "flip"
    public static let summary = "Mirror the image at random, the same way for the same seed and item."
    public static let parameters: [Parameter<FlipStage>] = [
        .choice("axis", \.axis, "Voxel axis to reverse. x swaps left and right on axial slices: mind laterality."),
        .number("probability", \.probability, in: 0...1, "Share of items that are flipped."),
    ]

    var axis = Axis.y
    var probability = 0.5

    public init() {}

    public func run(_ item: inout Item, _ context: StageContext) throws {
        var random = Philox(seed: context.seed, item: context.item, stage: context.stageIndex)
        let isFlipped = random.uniform() < probability
        item.history.note("flipped", .bool(isFlipped))
        if isFlipped { item.moveGrid { volume, _ in volume.flipped(axis) } }
    }
}
