public import Pipelines
import Transforms
import Volumes

/// `- reorient`, `- reorient: { to: RAS }`, `- reorient: { to: acquired }`
public struct ReorientStage: Stage {
    public static let name = "reorient"
    public static let summary =
        "Permute and flip axes so that they run in given directions; by default slices become axial."
    public static let precedes: Set<Kind> = [.findings]
    public static let parameters: [Parameter<ReorientStage>] = [
        .text(
            "to", \.to,
            "Where x, y and z run: one of L, R (left, right), one of P, A (posterior, anterior), one of S, I (superior, inferior), in any order. acquired: thick slices stay axial, sagittal or coronal, upright; thin ones become axial."
        )
    ]

    private static let acquired = "acquired"

    var to = "LPS"

    public init() {}

    public func mistakes() -> [String] {
        to != Self.acquired && AxisCode(to) == nil
            ? [
                "to must have one of L or R, one of P or A and one of S or I, as in LPS or RAS, or be acquired, found '\(to)'"
            ] : []
    }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        let slices = item.volume.geometry.steps[2]
        let code = AxisCode(to)
        item.moveGrid { volume, _ in code.map(volume.reoriented) ?? volume.reorientedAsAcquired() }
        if ![slices, -slices].contains(item.volume.geometry.steps[2]) {
            try item.volume.requireOneSlope(for: Self.name)
        }
    }
}
