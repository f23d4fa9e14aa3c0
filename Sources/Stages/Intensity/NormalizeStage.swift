public import Pipelines
import Transforms
import Volumes

/// `- normalize: { method: percentile, lower: 1, upper: 99.8 }`
public struct NormalizeStage: Stage {
    enum Method: String, CaseIterable {
        case minMax = "min-max"
        case zScore = "z-score"
        case percentile
        case radiograph
        case ct
        case nnunet
    }

    /// What becomes of MONOCHROME1, where high values are dark.
    enum Polarity: String, CaseIterable { case keep, display }

    public static let name = "normalize"
    public static let summary =
        "Bring intensities onto one scale: min-max, z-score, percentile, a range of HU, nnU-Net's, or by BitsStored."
    public static let produces: Set<Kind> = [.normalized, .unitRange]
    public static let parameters: [Parameter<NormalizeStage>] = [
        .choice(
            "method", \.method,
            "min-max, percentile, radiograph and ct give [0, 1]; z-score and nnunet mean 0 and deviation 1."),
        .number("lower", \.lower, in: 0...100, unit: "percent", "Percentile that becomes 0 (percentile only)."),
        .number("upper", \.upper, in: 0...100, unit: "percent", "Percentile that becomes 1 (percentile only)."),
        .choice(
            "polarity", \.polarity,
            "display inverts MONOCHROME1 last, so that high is bright, and takes percentiles of what is displayed; radiograph always does. Not for z-score and nnunet."
        ),
        .numbers(
            "range", \.range, count: 2...2, unit: "HU", "[lower, upper]: values that become 0 and 1, clipped (ct only)."
        ),
        .text(
            "mask", \.mask,
            "Statistics over this mask of the item, or body, head or lungs found now; empty: over all voxels. nnunet needs one or properties."
        ),
        .numbers(
            "properties", \.properties, count: 0...4,
            "[mean, deviation, 0.5 percentile, 99.5 percentile] of a data set's foreground, as nnU-Net's plans have them (nnunet only)."
        ),
        .integer(
            "bits", \.bits, in: 0...32, unit: "bits",
            "Width of stored values for radiograph: 16 divides by 65535. 0: the header's BitsStored."),
    ]

    var method = Method.percentile
    var lower = 1.0
    var upper = 99.8
    var polarity = Polarity.keep
    var range = [-1000.0, 1000.0]
    var mask = ""
    var properties: [Double] = []
    var bits = 0

    public init() {}

    public var withholds: Set<Kind> { isUnbounded ? [.unitRange] : [] }

    /// Around a mean of 0: half of an image is below it.
    private var isUnbounded: Bool { method == .zScore || method == .nnunet }

    public func mistakes() -> [String] {
        var result: [String] = []
        if lower >= upper { result.append("lower (\(lower)) must be below upper (\(upper))") }
        if range[0] >= range[1] { result.append("range must rise, found \(range[0]) to \(range[1])") }
        let usual = NormalizeStage()
        if method != .percentile, lower != usual.lower || upper != usual.upper {
            result.append("lower and upper are for percentile: \(method.rawValue) takes neither")
        }
        if method != .ct, range != usual.range { result.append("range is for ct: \(method.rawValue) does not take it") }
        if method != .radiograph, bits != usual.bits {
            result.append("bits is for radiograph: \(method.rawValue) does not take it")
        }
        if method != .nnunet, !properties.isEmpty {
            result.append("properties are for nnunet: \(method.rawValue) does not take them")
        }
        if polarity == .display, isUnbounded {
            result.append("polarity display needs intensities in [0, 1]")
        }
        if method == .nnunet, mask.isEmpty == properties.isEmpty {
            result.append("nnunet needs either a mask of the foreground or the properties of a data set")
        }
        if !properties.isEmpty, properties.count != 4 || properties[2] > properties[3] || properties[1] < 0 {
            result.append("properties are four numbers: mean, deviation (at least 0), and two percentiles that rise")
        }
        if !mask.isEmpty, method == .ct || method == .radiograph {
            result.append("\(method.rawValue) measures nothing: leave mask out")
        }
        return result
    }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        if method == .ct, item.volume.attributes.hasStoredValues {
            item.warn("stored-values", "a range of HU was applied to stored values; put rescale before it")
        }
        let region = mask.isEmpty ? nil : try item.region(named: mask)
        if region == nil, [.minMax, .zScore, .percentile].contains(method) { item.warnOfPadding(before: Self.name) }
        let varies = try item.volume.changeBySequence { volume in
            try volume.normalize(try normalization(volume, region), within: method == .nnunet ? nil : region)
        }
        if polarity == .display { item.volume.invertIfMonochrome1() }
        if !varies { item.warn("constant-image", "every voxel that was measured has the same value; normalized to 0") }
    }

    private func normalization(_ volume: Volume, _ region: Mask?) throws -> Normalization {
        switch method {
        case .minMax: return .minMax
        case .zScore: return .zScore
        case .percentile:
            // Of what is displayed: the darkest of a negative are its highest values.
            let isNegative = polarity == .display && volume.attributes.polarity == .brightIsLow
            return isNegative
                ? .percentile(lower: 100 - upper, upper: 100 - lower) : .percentile(lower: lower, upper: upper)
        case .radiograph: return .radiograph(bits: bits == 0 ? nil : bits)
        case .ct: return .range(lower: range[0], upper: range[1])
        case .nnunet:
            if let region { return .foreground(try IntensityProperties(of: volume, foreground: region)) }
            return .foreground(
                IntensityProperties(
                    mean: properties[0], deviation: properties[1], lower: properties[2], upper: properties[3]))
        }
    }
}
