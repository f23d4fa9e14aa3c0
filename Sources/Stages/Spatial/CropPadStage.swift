public import Pipelines
import Transforms
import Volumes

/// `- crop-pad: { size: [224, 224] }`
public struct CropPadStage: Stage {
    public static let name = "crop-pad"
    public static let summary =
        "Cut or fill each axis around the centre to a size; voxels stay where they are in the patient."
    public static let precedes: Set<Kind> = [.findings]
    public static let parameters: [Parameter<CropPadStage>] = [
        .integers(
            "size", \.size, count: 2...3, each: 1...16384, unit: "voxels",
            "[height, width] of each slice, or [depth, height, width]."),
        .number("fill", \.fill, in: .ofVoxels, "Value of added voxels."),
    ]

    var size = [512, 512]
    var fill = 0.0

    public init() {}

    public func outline(_ input: Outline) -> Outline {
        guard input.shape.count == 4 else { return input }
        return Outline(
            shape: Array(input.shape.prefix(4 - size.count)) + size, spacing: input.spacing)
    }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        item.moveGrid { volume, layer in
            volume.centered(
                depth: size.count == 3 ? size[0] : volume.shape.depth, height: size[size.count - 2],
                width: size[size.count - 1], fill: layer.fill(fill))
        }
    }
}
