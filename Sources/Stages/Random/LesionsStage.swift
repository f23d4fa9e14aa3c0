public import Pipelines
public import Transforms
import Volumes

/// `- lesions: { kind: nodule, count: [1, 3], diameter: [6, 20], contrast: [0.2, 0.5] }`
public struct LesionsStage: RandomStage {
    enum Kind: String, CaseIterable { case nodule, opacity }

    public static let name = "lesions"
    public static let summary = "Simulated nodules or opacities, with exact boxes and the mask \"lesions\"."
    public static let parameters: [Parameter<LesionsStage>] = [
        .choice(
            "kind", \.kind, "The label of the boxes; nodules have edges of 1 to 2 mm unless told, opacities of 8 to 20."
        ),
        .integers("count", \.count, count: 2...2, each: 1...100, "Least and greatest number."),
        .numbers(
            "diameter", \.diameter, count: 2...2, each: 0.1...500, unit: "mm (pixels without spacing)",
            "Least and greatest diameter, drawn for each axis within a fifth of the lesion's own."),
        .numbers(
            "contrast", \.contrast, count: 2...2, each: .ofVoxels,
            "Least and greatest number that a lesion adds; negative darkens."),
        .choice("measure", \.measure, "\(Measure.meaning)"),
        .numbers(
            "edge", \.edge, count: 2...2, each: 0.01...500, unit: "mm (pixels without spacing)",
            "Least and greatest width of the edge."),
        .number("lobes", \.lobes, in: 0...0.9, "How far the surface may leave an ellipsoid, as a share of the radius."),
        .text("within", \.within, "Name of a mask that holds the centres; by default voxels above the mean."),
        .probability,
    ]

    var kind = Kind.nodule
    var count = [1, 3]
    var diameter = [6.0, 20.0]
    var contrast = [0.2, 0.5]
    var measure = Measure.range
    var edge: [Double]?
    var lobes = 0.2
    var within = ""
    public var probability = 1.0

    public init() {}

    public func mistakes() -> [String] {
        falling("count", count) + falling("diameter", diameter) + falling("contrast", contrast)
            + (edge.map { falling("edge", $0) } ?? [])
    }

    public func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws {
        let factors = try measure.factors(&item)
        let shape = item.volume.shape
        let flat = Shape(depth: shape.depth, height: shape.height, width: shape.width)
        var labels = item.masks["lesions"]?.labels ?? [UInt8](repeating: 0, count: flat.voxelCount)
        let wanted = random.count(between: count)
        let before = Int(labels.max() ?? 0)
        var added: [(lesion: Lesion, box: Box)] = []
        let places = try LesionPlaces(item, within: within)
        let free = min(wanted, 255 - before)
        for _ in 0..<wanted where added.count < free {
            var lesion = drawn(&random, contrastsOf: factors)
            if shape.depth == 1 { lesion.radii.z = max(lesion.radii.x, lesion.radii.y) }
            guard let center = places.draw(lesion, apartFrom: added.map(\.box), &random) else { continue }
            lesion.center = center
            let box = try item.volume.add(lesion, label: UInt8(before + added.count + 1), to: &labels)
            added.append((lesion, box))
            item.boxes.append(LabeledBox(label: kind.rawValue, box: box))
        }
        if free < wanted {
            item.warn(
                "no-label",
                "the mask \"lesions\" numbers up to 255, and \(before) were taken: of \(wanted) lesions at most \(free) were made"
            )
        }
        if added.count < free {
            item.warn("no-place", "\(free - added.count) of \(free) lesions found no place in the image")
        }
        item.history.note("lesions", .array(added.map { json($0.lesion, $0.box) }))
        item.masks["lesions"] = Mask(labels: labels, shape: flat, geometry: item.volume.geometry)
    }

    private func drawn(_ random: inout Philox, contrastsOf factors: [Double]) -> Lesion {
        let radius = random.uniform(between: diameter) / 2
        var radii = SIMD3<Double>.zero
        for axis in 0..<3 { radii[axis] = radius * random.uniform(in: 0.8...1.2) }
        let edges = edge ?? (kind == .nodule ? [1, 2] : [8, 20])
        let shape = (0..<6).map { _ in random.uniform(in: -lobes / 6...lobes / 6) }
        let width = random.uniform(between: edges)
        let drawn = random.uniform(between: contrast)
        return Lesion(center: .zero, radii: radii, edge: width, contrasts: factors.map { drawn * $0 }, lobes: shape)
    }

    private func json(_ lesion: Lesion, _ box: Box) -> JSONValue {
        [
            "center": .array([.integer(lesion.center.x), .integer(lesion.center.y), .integer(lesion.center.z)]),
            "radii": JSONValue(lesion.radii), "edge": .number(lesion.edge),
            "contrast": lesion.contrasts.count == 1
                ? .number(lesion.contrasts[0]) : .array(lesion.contrasts.map { .number($0) }),
            "lobes": .array(lesion.lobes.map { .number($0) }),
        ]
    }
}
