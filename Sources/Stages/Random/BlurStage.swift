public import Pipelines
public import Transforms
import Volumes

/// `- blur: { sigma: [0, 1.5] }`
public struct BlurStage: RandomStage {
    enum Unit: String, CaseIterable { case mm, voxels }

    public static let name = "blur"
    public static let summary = "Blur the image by a Gaussian of a random width."
    public static let parameters: [Parameter<BlurStage>] = [
        .numbers("sigma", \.sigma, count: 2...2, each: 0...100, "Least and greatest standard deviation."),
        .choice("unit", \.unit, "mm (voxels for images without spacing), or voxels along each axis."),
        .probability,
    ]

    var sigma = [0.0, 1.5]
    var unit = Unit.mm
    public var probability = 1.0

    public init() {}

    public func mistakes() -> [String] { falling("sigma", sigma) }

    public func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws {
        let drawn = random.uniform(between: sigma)
        item.history.note("sigma", .number(drawn))
        let geometry = item.volume.geometry
        let voxels = unit == .mm && geometry.isPhysical ? drawn / geometry.spacing : SIMD3(repeating: drawn)
        try item.volume.blur(sigma: voxels, workers: context.workers)
    }
}
