public import Parallel

/// One step of a pipeline: changes an item, touches nothing else.
///
/// A stage is a value whose stored properties are its options, with their defaults. It declares each option once,
/// in `parameters`; from there come the checks of a YAML file, `hilum stages` and the JSON Schema.
public protocol Stage<Item>: Sendable {
    associatedtype Item: PipelineItem

    /// The name in a pipeline file.
    static var name: String { get }
    /// One line for `hilum stages`.
    static var summary: String { get }
    static var parameters: [Parameter<Self>] { get }
    /// What must have been made before, and what this adds.
    static var requires: Set<Kind> { get }
    static var produces: Set<Kind> { get }
    /// What, with these options, the item has no more afterwards; it may be something that the stage makes with others.
    var withholds: Set<Kind> { get }
    /// What must not have been made before: findings no longer lie on an image that moves, a slope is of stored values.
    static var precedes: Set<Kind> { get }
    /// The mask that, with these options, it makes anew under this name, so that no other stage of the pipeline may.
    var ownMask: String? { get }
    /// Whether it draws: variants of an item share everything before the first stage that does.
    static var isRandom: Bool { get }

    /// Options at their defaults.
    init()

    /// Rules between options, checked before any file is opened: what is wrong and what to do, one line each.
    func mistakes() -> [String]

    /// What beside the options decides the result: the digest of a model. Null when nothing does.
    var provenance: JSONValue { get }

    /// What this stage makes of an item's shape, for `--dry-run` and the memory estimate.
    func outline(_ input: Outline) -> Outline

    /// Bytes that it needs beside the item before and the item after, for the memory estimate.
    func workingBytes(_ input: Outline) -> Int

    /// Changes the item, in place where that saves a copy of its voxels.
    ///
    /// - Throws: whatever stops this item; the runner reports it with this stage's name and goes on with the next.
    func run(_ item: inout Item, _ context: StageContext) throws
}

extension Stage {
    public static var requires: Set<Kind> { [] }
    public static var produces: Set<Kind> { [] }
    public var withholds: Set<Kind> { [] }
    public static var precedes: Set<Kind> { [] }
    public var ownMask: String? { nil }
    public static var isRandom: Bool { false }
    public static var parameters: [Parameter<Self>] { [] }
    public func mistakes() -> [String] { [] }
    public var provenance: JSONValue { .null }
    public func outline(_ input: Outline) -> Outline { input }
    public func workingBytes(_ input: Outline) -> Int { 0 }
}

/// Something an item can carry: an image, findings, heatmaps.
public struct Kind: Sendable, Hashable, CustomStringConvertible {
    public let description: String
    public init(_ name: String) { description = name }
}

/// What a stage may know beside the item: enough to be reproducible, nothing that ties items to each other.
public struct StageContext: Sendable {
    /// `--seed`.
    public var seed: UInt64
    /// Stable name of the item: random draws are keyed by (seed, item, variant, stage).
    public var item: String
    /// Which of the item's variants this is, from 0.
    public var variant: Int
    /// Position of the stage in the pipeline, from 0.
    public var stageIndex: Int
    /// Threads for loops inside the stage, which write through `Destination`; what comes out must not depend on their number.
    public var workers: Workers
    /// What the stage makes is read once, from start to end, by the only output: it may be left to be made then.
    public var isReadOnce: Bool

    public init(
        seed: UInt64, item: String, variant: Int = 0, stageIndex: Int = 0, workers: Workers = .single,
        isReadOnce: Bool = false
    ) {
        (self.seed, self.item, self.variant) = (seed, item, variant)
        (self.stageIndex, self.workers, self.isReadOnce) = (stageIndex, workers, isReadOnce)
    }
}

/// Size of an item as far as its header tells it.
public struct Outline: Sendable, Hashable {
    /// `[channels, depth, height, width]`
    public var shape: [Int]
    /// mm along x, y, z.
    public var spacing: [Double]

    public init(shape: [Int], spacing: [Double]) { (self.shape, self.spacing) = (shape, spacing) }

    /// Bytes as Float32; `Int.max` when they are more.
    public var bytes: Int {
        shape.reduce(4) { total, size in
            let (product, overflow) = total.multipliedReportingOverflow(by: size)
            return overflow ? .max : product
        }
    }
}
