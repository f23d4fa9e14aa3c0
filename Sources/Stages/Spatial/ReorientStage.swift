public import Pipelines
import Transforms

/// `- reorient`
public struct ReorientStage: Stage {
    public static let name = "reorient"
    public static let summary =
        "Permute and flip axes so that slices are axial: x to the left, y to posterior, z to superior."

    public init() {}

    public func run(_ item: inout Item, _ context: StageContext) throws {
        item.moveGrid { volume, _ in volume.reorientedToLPS() }
    }
}
