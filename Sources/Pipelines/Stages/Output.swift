public import Files
public import Parallel

/// A kind of file that a pipeline leaves behind: `outputs: { tensors: npy }`.
public struct Output<Item: PipelineItem>: Sendable {
    /// The key under `outputs`.
    public let name: String
    public let summary: String
    /// Accepted values; the first is the usual one.
    public let formats: [String]
    /// What the item must carry at the end of the stages.
    public let requires: Set<Kind>
    /// The files of one item in one format.
    public let files: @Sendable (Item, _ format: String, Workers) throws -> [OutputFile]

    public init(
        name: String, summary: String, formats: [String], requires: Set<Kind>,
        files: @escaping @Sendable (Item, _ format: String, Workers) throws -> [OutputFile]
    ) {
        (self.name, self.summary, self.formats, self.requires) = (name, summary, formats, requires)
        self.files = files
    }
}

/// One file of an item: what to append to the item's name, and how to write it.
public struct OutputFile: Sendable {
    /// ".npy", ".overlay-1.png"
    public var suffix: String
    public var write: @Sendable (borrowing FileSink) throws(FileError) -> Void

    public init(suffix: String, write: @escaping @Sendable (borrowing FileSink) throws(FileError) -> Void) {
        (self.suffix, self.write) = (suffix, write)
    }

    public init(suffix: String, bytes: [UInt8]) {
        self.init(suffix: suffix) { (sink) throws(FileError) in try sink.write(bytes) }
    }

    public init(suffix: String, text: String) { self.init(suffix: suffix, bytes: Array(text.utf8)) }
}
