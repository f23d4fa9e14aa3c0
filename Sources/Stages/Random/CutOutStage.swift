public import Pipelines
public import Transforms
import Volumes

/// `- cut-out: { blocks: [1, 3], share: [0.1, 0.25] }`
public struct CutOutStage: RandomStage {
    public static let name = "cut-out"
    public static let summary = "Take blocks out of the image at random places; the mask \"cut-out\" is kept."
    public static let parameters: [Parameter<CutOutStage>] = [
        .integers("blocks", \.blocks, count: 2...2, each: 1...100, "Least and greatest number of blocks."),
        .numbers(
            "share", \.share, count: 2...2, each: 0.001...1,
            "Least and greatest length of a block's sides, as shares of the image's."),
        .choice("fill", \.fill, "What stands in the blocks; noise has mean and deviation of the image."),
        .probability,
    ]

    var blocks = [1, 3]
    var share = [0.1, 0.25]
    var fill = Covering.zero
    public var probability = 1.0

    public init() {}

    public func mistakes() -> [String] { falling("blocks", blocks) + falling("share", share) }

    public func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws {
        let shape = item.volume.shape
        let cut = CutOut.draw(random.count(between: blocks), share: share[0]...share[1], of: shape, &random)
        item.history.note(
            "blocks",
            .array(
                cut.blocks.map { block in
                    .array(
                        [block.from.x, block.from.y, block.from.z, block.to.x, block.to.y, block.to.z].map {
                            .integer($0)
                        })
                }))
        let mask = cut.mask(on: shape, geometry: item.volume.geometry)
        try item.volume.cover(mask, with: fill, field: random.field(1), workers: context.workers)
        item.hide(mask, as: "cut-out")
    }
}
