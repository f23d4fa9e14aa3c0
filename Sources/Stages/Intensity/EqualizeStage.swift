import Foundation
public import Pipelines
import Transforms

/// `- equalize: { tiles: [8, 8], clipLimit: 2 }`
public struct EqualizeStage: Stage {
    public static let name = "equalize"
    public static let summary = "Contrast-limited adaptive histogram equalisation (CLAHE) of each slice, to [0, 1]."
    public static let produces: Set<Kind> = [.normalized, .unitRange]
    public static let parameters: [Parameter<EqualizeStage>] = [
        .integers("tiles", \.tiles, count: 2...2, each: 1...256, unit: "tiles", "[along y, along x]."),
        .number(
            "clipLimit", \.clipLimit, in: 0.01...1e6, "Highest bin of a tile's histogram, as a multiple of its mean."),
        .integer("bins", \.bins, in: 2...65536, unit: "levels", "Levels that values are told apart by."),
    ]

    var tiles = [8, 8]
    var clipLimit = 2.0
    var bins = 256

    public init() {}

    /// Maps of two rows of tiles, for each slice that is worked on at once.
    public func workingBytes(_ input: Outline) -> Int {
        guard input.shape.count == 4 else { return 0 }
        let slices = input.shape[0].multipliedReportingOverflow(by: input.shape[1])
        let threads = ProcessInfo.processInfo.activeProcessorCount
        return 2 * tiles[1] * bins * 4 * (slices.overflow ? threads : min(threads, slices.partialValue))
    }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        item.warnOfPadding(before: Self.name)
        let equalization = Equalization(tiles: [tiles[0], tiles[1]], clipLimit: clipLimit, bins: bins)
        let varies = try item.volume.changeBySequence { try $0.equalize(equalization, workers: context.workers) }
        if !varies {
            item.warn("constant-image", "every voxel has the same value; equalized to 0")
        }
    }
}
