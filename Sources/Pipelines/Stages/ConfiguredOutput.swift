public import Parallel

/// The options of an output: a value whose properties are the options at their defaults, each declared once, as those of
/// a stage are.
public protocol OutputOptions: Sendable {
    static var parameters: [Parameter<Self>] { get }

    init()

    /// Rules between the format and the options: what is wrong and what to do, one line each.
    func mistakes(format: String) -> [String]

    /// What the item must carry for these options, beside what the output itself requires.
    func requires(format: String) -> Set<Kind>

    /// What the names of a format's files end in; formats that share it cannot be asked for together.
    func fileKind(format: String) -> String

    /// Whether an item's voxels are read once, from start to end, and nowhere all in memory.
    func readsOnce(format: String) -> Bool
}

extension OutputOptions {
    public func mistakes(format: String) -> [String] { [] }
    public func requires(format: String) -> Set<Kind> { [] }
    public func fileKind(format: String) -> String { format }
    public func readsOnce(format: String) -> Bool { false }
}

/// Of an output that has formats and nothing else.
public struct NoOptions: OutputOptions {
    public static let parameters: [Parameter<NoOptions>] = []
    public init() {}
}

/// An output in one format with its options, ready to write.
public struct ConfiguredOutput<Item: PipelineItem>: Sendable {
    public let name: String
    public let format: String
    /// For those who know an output that does more than write an item's files.
    public let options: any OutputOptions
    /// Every option with its resolved value.
    let parameters: [JSONValue.Member]
    /// See `OutputOptions`.
    let fileKind: String
    /// See `OutputOptions`.
    let readsOnce: Bool
    /// What the item must carry at the end of the stages.
    public let requires: Set<Kind>
    /// The files of one item.
    public let files: @Sendable (Item, Workers) throws -> [OutputFile]

    /// The format, with every option where there are any.
    var resolved: JSONValue {
        parameters.isEmpty ? .string(format) : .object([.init("format", .string(format))] + parameters)
    }
}
