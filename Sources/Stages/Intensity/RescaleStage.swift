public import Pipelines
import Transforms

/// `- rescale`: stored values to the header's unit.
public struct RescaleStage: Stage {
    public static let name = "rescale"
    public static let summary = "Stored values to the header's unit (HU for CT): slope * stored + intercept."
    /// They are no stored values any more.
    public static let precedes: Set<Kind> = [.normalized]
    public static let parameters: [Parameter<RescaleStage>] = [
        .number(
            "paddingFill", \.paddingFill, in: .ofVoxels, unit: "output unit",
            "Value for voxels marked as padding; by default the darkest outside padding: the least, for MONOCHROME1 the greatest."
        ),
        .boolean(
            "keepPadding", \.keepPadding,
            "Keep a mask \"padding\" of the voxels that were filled, for later stages that leave them out."),
    ]

    /// The name of the mask.
    static let paddingMask = "padding"

    var paddingFill: Double?
    var keepPadding = false

    public init() {}

    public func run(_ item: inout Item, _ context: StageContext) throws {
        if keepPadding, let mask = item.volume.paddingMask { item.masks[Self.paddingMask] = mask }
        try item.volume.applyRescale(paddingFill: paddingFill.map { Float($0) })
    }
}
