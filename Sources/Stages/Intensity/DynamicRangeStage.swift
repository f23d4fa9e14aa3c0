public import Pipelines
import Transforms
import Volumes

/// `- dran`: dynamic-range-aware normalisation.
public struct DynamicRangeStage: Stage {
    public static let name = "dran"
    public static let summary =
        "Dynamic-range-aware normalisation: two percentiles over voxels that are no padding become 0 and 1."
    public static let produces: Set<Kind> = [.normalized, .unitRange]
    public static let parameters: [Parameter<DynamicRangeStage>] = [
        .number("lower", \.lower, in: 0...100, unit: "percent", "Percentile that becomes 0."),
        .number("upper", \.upper, in: 0...100, unit: "percent", "Percentile that becomes 1."),
    ]

    var lower = 1.0
    var upper = 99.8

    public init() {}

    public func mistakes() -> [String] {
        lower >= upper ? ["lower (\(lower)) must be below upper (\(upper))"] : []
    }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        let padding = item.masks[RescaleStage.paddingMask]
        if item.volume.attributes.isPaddingFilled, padding == nil {
            item.warn(
                "padding-counted",
                "padding was filled before dran and counts as image; leave rescale out (dran does it) or give it keepPadding: true"
            )
        }
        var ranges: [DynamicRange] = []
        let varies = try item.volume.changeBySequence { volume in
            ranges.append(try volume.normalizeDynamicRange(lower: lower, upper: upper, invalid: padding))
            return !ranges[ranges.count - 1].isEmpty
        }
        item.history.note("lower", of: ranges) { .number($0.lower) }
        item.history.note("upper", of: ranges) { .number($0.upper) }
        if !varies {
            item.warn("no-dynamic-range", "the two percentiles are the same value; every voxel is 0")
        }
    }
}
