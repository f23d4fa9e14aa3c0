public import Pipelines
import Transforms
import Volumes

/// `- reorient`, `- reorient: { to: RAS }`
public struct ReorientStage: Stage {
    public static let name = "reorient"
    public static let summary =
        "Permute and flip axes so that they run in given directions; by default slices become axial."
    public static let precedes: Set<Kind> = [.findings]
    public static let parameters: [Parameter<ReorientStage>] = [
        .text(
            "to", \.to,
            "Where x, y and z run: one of L, R (left, right), one of P, A (posterior, anterior), one of S, I (superior, inferior), in any order."
        )
    ]

    var to = "LPS"

    public init() {}

    public func mistakes() -> [String] {
        AxisCode(to) == nil
            ? ["to must have one of L or R, one of P or A and one of S or I, as in LPS or RAS, found '\(to)'"] : []
    }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        guard let code = AxisCode(to) else { return }
        let slices = item.volume.geometry.steps[2]
        item.moveGrid { volume, _ in volume.reoriented(to: code) }
        if ![slices, -slices].contains(item.volume.geometry.steps[2]) {
            try item.volume.requireOneSlope(for: Self.name)
        }
    }
}
