public import Pipelines
import Transforms

/// `- rescale`: stored values to the header's unit.
public struct RescaleStage: Stage {
    public static let name = "rescale"
    public static let summary = "Stored values to the header's unit (HU for CT): slope * stored + intercept."
    public static let parameters: [Parameter<RescaleStage>] = [
        .number(
            "paddingFill", \.paddingFill, unit: "output unit",
            "Value for voxels marked as padding; by default the least value outside padding.")
    ]

    var paddingFill: Double?

    public init() {}

    public func run(_ item: inout Item, _ context: StageContext) throws {
        try item.volume.applyRescale(paddingFill: paddingFill.map { Float($0) })
    }
}
