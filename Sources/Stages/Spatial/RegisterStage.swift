public import Pipelines
import Transforms
import Volumes

/// `- register: { to: reference.nii.gz, kind: rigid }`
public struct RegisterStage: Stage {
    public static let name = "register"
    public static let summary = "Align the image to another and resample it onto that one's grid."
    public static let precedes: Set<Kind> = [.findings]
    public static let parameters: [Parameter<RegisterStage>] = [
        .text(
            "to", \.to,
            "Path of a NIfTI file, or first: each further channel is aligned to the image's own first channel."),
        .choice("kind", \.kind, "rigid for the same head, affine for another."),
        .number(
            "resolution", \.resolution, in: 0.01...16, unit: "mm",
            "Spacing at which the images are compared at last; those before are 2, 4 and 8 times as coarse."),
        .number("fill", \.fill, in: .ofVoxels, "Value where the image does not reach."),
        .boolean("antialias", \.antialias, "Filter an image that is much finer than the reference first."),
        .number(
            "leastInformation", \.leastInformation, in: 0...5, unit: "nats",
            "Mutual information below which the images are taken for ones of different things."),
    ]

    var to = ""
    var kind = TransformKind.rigid
    var resolution = 1.0
    var fill = 0.0
    var antialias = true
    var leastInformation = RegistrationLimits().information

    public init() {}

    private var isToFirst: Bool { to == "first" }

    public func mistakes() -> [String] {
        guard !to.isEmpty else { return ["to: give the path of a NIfTI file, or first"] }
        guard !isToFirst else { return [] }
        do {
            _ = try ReferenceImage.read(to)
            return []
        } catch {
            return ["to: \(ErrorReport(error).message)"]
        }
    }

    public var provenance: JSONValue {
        isToFirst ? .null : (try? ReferenceImage.read(to)).map { ["sha256": .string($0.digest)] } ?? .null
    }

    public func outline(_ input: Outline) -> Outline {
        guard !isToFirst, input.shape.count == 4, let reference = try? ReferenceImage.read(to).volume else {
            return input
        }
        let (shape, spacing) = (reference.shape, reference.geometry.spacing)
        return Outline(
            shape: [input.shape[0], shape.depth, shape.height, shape.width],
            spacing: [spacing.x, spacing.y, spacing.z])
    }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        try item.volume.requireOutputValues(for: Self.name)
        if isToFirst { return try alignChannels(&item, context) }
        let reference = try ReferenceImage.read(to).volume
        let result = try register(item.volume, to: reference, context)
        item.note(result)
        try item.movePatientSpace(onto: result.transform)
        try item.moveGrid { volume, layer in
            try volume.resampled(
                onto: Grid(reference), isNearest: layer == .labels, antialias: antialias, fill: layer.fill(fill),
                workers: context.workers)
        }
    }

    /// Masks and boxes are on the first channel, and stay.
    private func alignChannels(_ item: inout Item, _ context: StageContext) throws {
        guard item.volume.shape.channels > 1 else {
            throw TransformError(.invalidOption, "`to: first` aligns channels, and the image has only one")
        }
        if case .diffusion = item.volume.attributes.channelAxis {
            throw TransformError(.invalidOption, "gradient directions would not fit turned channels")
        }
        let first = item.volume.channel(0)
        var voxels = first.voxels
        voxels.reserveCapacity(item.volume.shape.count)
        for index in 1..<item.volume.shape.channels {
            var channel = item.volume.channel(index)
            let result = try register(channel, to: first, context)
            item.note(result)
            guard let back = result.transform.inverse else { continue }
            channel.geometry = channel.geometry.moved(by: back)
            voxels += try channel.resampled(onto: Grid(first), fill: Float(fill), workers: context.workers).voxels
        }
        let volume = item.volume
        item.volume = volume.with(voxels: voxels, shape: volume.shape, geometry: volume.geometry)
    }

    private func register(
        _ moving: Volume, to fixed: Volume, _ context: StageContext
    ) throws(TransformError) -> Registration.Result {
        try Registration(kind: kind, resolution: resolution).register(
            moving, to: fixed, limits: RegistrationLimits(information: leastInformation), workers: context.workers)
    }
}
