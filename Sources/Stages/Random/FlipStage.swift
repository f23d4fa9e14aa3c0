public import Pipelines
import Transforms
import Volumes

/// `- flip: { axis: y, probability: 0.5 }`
public struct FlipStage: Stage {
    public static let name = "flip"
    public static let summary = "Mirror the image at random, the same way for the same seed and item."
    public static let isRandom = true
    public static let precedes: Set<Kind> = [.findings]
    public static let parameters: [Parameter<FlipStage>] = [
        .choice("axis", \.axis, "Voxel axis to reverse. x swaps left and right on axial slices: mind laterality."),
        .number("probability", \.probability, in: 0...1, "Share of items that are flipped."),
    ]

    var axis = Axis.y
    var probability = 0.5

    public init() {}

    public func run(_ item: inout Item, _ context: StageContext) throws {
        var random = context.random
        let isFlipped = random.uniform() < probability
        item.history.note("flipped", .bool(isFlipped))
        guard isFlipped else { return }
        if axis != .x, runsLeftRight(item.volume.geometry) {
            item.warn(
                "laterality", "the image's \(axis.rawValue) axis runs from side to side: left and right were swapped")
        }
        item.moveGrid { volume, _ in volume.flipped(axis) }
    }

    /// Who asks for x has read what it does; on a sagittal or turned image another axis does the same.
    private func runsLeftRight(_ geometry: Geometry) -> Bool {
        let step = geometry.steps[axis.index]
        return geometry.isPhysical && abs(step.x) > max(abs(step.y), abs(step.z))
    }
}
