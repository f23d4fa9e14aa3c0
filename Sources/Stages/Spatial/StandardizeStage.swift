import Foundation
public import Pipelines
import Transforms
import Volumes

/// `- standardize: { template: mni152, spacing: [1, 1, 1] }`
public struct StandardizeStage: Stage {
    public static let name = "standardize"
    public static let summary = "Align a brain to a standard one and resample it onto that one's grid."
    public static let precedes: Set<Kind> = [.findings]
    public static let parameters: [Parameter<StandardizeStage>] = [
        .choice("template", \.template, "The standard brain: mni152 is the ICBM 152 symmetric T1 template of 2009."),
        .numbers(
            "spacing", \.spacing, count: 3...3, each: 0.25...8, unit: "mm",
            "Spacing of the result along x, y, z, over the template's extent."),
        .choice("kind", \.kind, "affine fits size and shape too; rigid only turns and shifts."),
        .number("fill", \.fill, in: .ofVoxels, "Value where the image does not reach."),
        .boolean("antialias", \.antialias, "Filter an image that is much finer than the result first."),
        .number(
            "leastInformation", \.leastInformation, in: 0...5, unit: "nats",
            "Mutual information with the template below which the image is taken for no head."),
    ]

    var template = StandardTemplate.mni152
    var spacing: [Double] = [1, 1, 1]
    var kind = TransformKind.affine
    var fill = 0.0
    var antialias = true
    /// Heads had 0.37 and more, other things than brains up to 0.25: docs/transforms/registration.md.
    var leastInformation = 0.3

    public init() {}

    public func mistakes() -> [String] {
        do {
            _ = try template.load()
            return []
        } catch {
            return ["template: \(ErrorReport(error).message)"]
        }
    }

    public var provenance: JSONValue { (try? template.load()).map { ["sha256": .string($0.digest)] } ?? .null }

    public func outline(_ input: Outline) -> Outline {
        guard input.shape.count == 4, let images = try? template.load() else { return input }
        let shape = grid(images).shape
        return Outline(shape: [input.shape[0], shape.depth, shape.height, shape.width], spacing: spacing)
    }

    private func grid(_ images: StandardTemplate.Images) -> Grid {
        Grid(images.template.volume).withSpacing([spacing[0], spacing[1], spacing[2]])
    }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        try item.volume.requireOutputValues(for: Self.name)
        let images = try template.load()
        let result = try Registration(kind: kind).register(
            item.volume.withSoftTissue, to: images.template.volume, mask: images.mask,
            limits: RegistrationLimits(
                information: leastInformation, reason: "no head that resembles the template was found"),
            workers: context.workers)
        item.note(result)
        let turn = result.transform.turn * 180 / .pi
        if turn > 60 {
            item.warn(
                "turned",
                "the head lies turned by \(Int(turn)) degrees against its coordinates: the file may state wrong directions"
            )
        }
        try item.movePatientSpace(onto: result.transform)
        let grid = grid(images)
        try item.moveGrid { volume, layer in
            try volume.resampled(
                onto: grid, isNearest: layer == .labels, antialias: antialias, fill: layer.fill(fill),
                workers: context.workers)
        }
    }
}

extension Volume {
    /// Of a CT the range in which soft tissues differ, so that air and bone do not take up the whole histogram.
    fileprivate var withSoftTissue: Volume {
        guard modality == .ct else { return self }
        var volume = self
        volume.mapValues { span in for index in span.indices { span[index] = min(max(span[index], -150), 250) } }
        return volume
    }
}
