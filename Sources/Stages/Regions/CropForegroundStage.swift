public import Pipelines
import Transforms
import Volumes

/// `- crop-foreground: { region: body, margin: 10 }`
public struct CropForegroundStage: Stage {
    public static let name = "crop-foreground"
    public static let summary = "Cut to the box around a region and a margin; masks and boxes follow."
    public static let precedes: Set<Kind> = [.findings]
    public static let parameters: [Parameter<CropForegroundStage>] = [
        .text("region", \.region, "A mask of the item by its name, or body, head or lungs found now."),
        .number(
            "margin", \.margin, in: 0...10000, unit: "mm",
            "Added on every side as far as there is image; pixels where the image has no physical size."),
    ]

    var region = "body"
    var margin = 0.0

    public init() {}

    public func run(_ item: inout Item, _ context: StageContext) throws {
        let mask = try item.region(named: region)
        try item.volume.checkGrid(of: mask)
        guard let box = mask.boundingBox else {
            item.warn("empty-region", "there is nothing in the region '\(region)'; the image was not cut")
            return
        }
        let cut = box.grown(byMargin: margin, on: item.volume.geometry, within: item.volume.shape)
        item.history.note("lower", .array((0..<3).map { .integer(Int(cut.lower[$0])) }))
        item.history.note("upper", .array((0..<3).map { .integer(Int(cut.upper[$0])) }))
        item.moveGrid { volume, _ in volume.cropped(to: cut) }
    }
}
