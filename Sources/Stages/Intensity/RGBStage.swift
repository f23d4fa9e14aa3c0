public import Pipelines
import Transforms

/// `- rgb: { scaling: imagenet }`
public struct RGBStage: Stage {
    public static let name = "rgb"
    public static let summary = "Three channels for networks trained on photographs: one is repeated, colours stay."
    public static let requires: Set<Kind> = [.unitRange]
    public static let parameters: [Parameter<RGBStage>] = [
        .choice(
            "scaling", \.scaling,
            "imagenet subtracts ImageNet's mean and divides by its deviation, symmetric gives [-1, 1], unit [0, 1].")
    ]

    var scaling = RGBScaling.imagenet

    public init() {}

    public var withholds: Set<Kind> { scaling == .unit ? [] : [.unitRange] }

    public func outline(_ input: Outline) -> Outline {
        guard input.shape.count == 4 else { return input }
        return Outline(shape: [3] + input.shape.dropFirst(), spacing: input.spacing)
    }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        item.volume = try item.volume.rgb(scaling)
    }
}

extension Pipeline<Item> {
    /// Colours of pictures are wanted; but a network that looks at the image itself wants one channel.
    var takesColor: Bool {
        stages.contains { $0.stage is RGBStage } && !stages.contains { $0.stage is DetectStage }
    }
}
