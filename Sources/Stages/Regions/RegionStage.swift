public import Pipelines
import Transforms
import Volumes

/// `- region: { part: lungs }`
public struct RegionStage: Stage {
    enum Part: String, CaseIterable { case body, head, lungs, range }

    enum Neighbours: String, CaseIterable {
        case faces, corners
        var connectivity: Connectivity { self == .faces ? .faces : .corners }
    }

    public static let name = "region"
    public static let summary =
        "Mark a part of the body, or a range of values, as a mask of its name; a part that is not found is a warning."
    public static let parameters: [Parameter<RegionStage>] = [
        .choice("part", \.part, "The body, its head or lungs (CT), or voxels whose values lie in a range."),
        .number("lower", \.lower, unit: "value", "Least value; none by default (range only)."),
        .number("upper", \.upper, unit: "value", "Greatest value; none by default (range only)."),
        .choice(
            "neighbours", \.neighbours,
            "Voxels hang together over faces (6), or over edges and corners too (26) (range only)."),
        .boolean("largest", \.largest, "Keep only the largest connected part (range only)."),
        .boolean("fillHoles", \.fillHoles, "Fill holes that no path over faces leads out of (range only)."),
    ]

    var part = Part.body
    var lower: Double?
    var upper: Double?
    var neighbours = Neighbours.faces
    var largest = false
    var fillHoles = false

    public init() {}

    public func mistakes() -> [String] {
        if part == .range, lower == nil && upper == nil { return ["a range needs lower or upper"] }
        let usual = RegionStage()
        if part != .range,
            lower != nil || upper != nil || neighbours != usual.neighbours || largest || fillHoles
        {
            return ["lower, upper, neighbours, largest and fillHoles are for range: \(part.rawValue) takes none"]
        }
        if let lower, let upper, lower > upper { return ["lower (\(lower)) must not be above upper (\(upper))"] }
        return []
    }

    public var ownMask: String? { part.rawValue }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        let mask = try BodyPart(rawValue: part.rawValue).map { part in try item.find(part) } ?? range(item.volume)
        if item.masks.updateValue(mask, forKey: part.rawValue) != nil {
            item.warn("mask-replaced", "the mask '\(part.rawValue)' that came with the image was replaced")
        }
        item.history.note("voxels", .integer(mask.labels.count { $0 != 0 }))
    }

    private func range(_ volume: Volume) throws(TransformError) -> Mask {
        var mask = try volume.mask(within: Float(lower ?? -.infinity)...Float(upper ?? .infinity))
        if largest { mask = mask.largestPart(neighbours.connectivity) }
        return fillHoles ? mask.filled() : mask
    }
}
