public import Files
public import Parallel

/// A kind of file that a pipeline leaves behind: `outputs: { tensors: npy }`, or with options
/// `outputs: { tensors: { format: npy, dtype: float16 } }`.
public struct Output<Item: PipelineItem>: Sendable {
    /// The key under `outputs`.
    public let name: String
    public let summary: String
    /// Accepted values; the first is the usual one.
    public let formats: [String]
    /// Beside `format`.
    public let options: [ParameterDescription]
    /// The options' defaults, in the same order.
    public let defaults: [JSONValue]
    /// Reads the options of one request of a file and appends what is wrong with them.
    private let configure: @Sendable (String, ConfigurationNode, inout [Diagnostic]) -> ConfiguredOutput<Item>

    /// - Parameters:
    ///   - requires: what the item must carry at the end of the stages.
    ///   - files: the files of one item in one format.
    public init<Options: OutputOptions>(
        name: String, summary: String, formats: [String], requires: Set<Kind>, options: Options.Type,
        files: @escaping @Sendable (Item, _ format: String, Options, Workers) throws -> [OutputFile]
    ) {
        (self.name, self.summary, self.formats) = (name, summary, formats)
        self.options = Options.parameters.map(\.description)
        let initial = Options()
        defaults = Options.parameters.map { $0.read(initial) }
        configure = { format, node, diagnostics in
            var options = Options()
            let before = diagnostics.count
            assign(node, to: &options, Options.parameters, of: "the output \(name)", &diagnostics)
            // Rules between options make sense only once each option does.
            if diagnostics.count == before {
                diagnostics += options.mistakes(format: format).map { Diagnostic(node.mark, "\(name): \($0)") }
            }
            let chosen = options
            return ConfiguredOutput(
                name: name, format: format, options: chosen,
                parameters: Options.parameters.map { .init($0.description.name, $0.read(chosen)) },
                fileKind: chosen.fileKind(format: format), readsOnce: chosen.readsOnce(format: format),
                requires: requires.union(chosen.requires(format: format)),
                files: { item, workers in try files(item, format, chosen, workers) })
        }
    }

    /// An output that has formats and nothing else.
    public init(
        name: String, summary: String, formats: [String], requires: Set<Kind>,
        files: @escaping @Sendable (Item, _ format: String, Workers) throws -> [OutputFile]
    ) {
        self.init(name: name, summary: summary, formats: formats, requires: requires, options: NoOptions.self) {
            item, format, _, workers in try files(item, format, workers)
        }
    }

    /// The output in one of its formats with its options at their defaults.
    public func configured(_ format: String) -> ConfiguredOutput<Item> {
        let source = ConfigurationNode.Source(name: name, lines: [])
        var diagnostics: [Diagnostic] = []
        let none = ConfigurationNode(content: .null, mark: .init(source: source, line: 1, column: 1))
        return configure(format, none, &diagnostics)
    }

    /// Reads `npy` or `{ format: npy, dtype: float16 }`.
    func configured(_ node: ConfigurationNode, _ diagnostics: inout [Diagnostic]) -> ConfiguredOutput<Item>? {
        var (chosen, rest) = (node, node)
        rest.content = .null
        if case .mapping(let entries) = node.content {
            guard let entry = entries.first(where: { $0.key == "format" }) else {
                diagnostics.append(
                    Diagnostic(node.mark, "\(name): format is missing: one of \(formats.joined(separator: ", "))"))
                return nil
            }
            chosen = entry.value
            rest.content = .mapping(entries.filter { $0.key != "format" })
        }
        guard let format = chosen.string else {
            diagnostics.append(
                Diagnostic(
                    chosen.mark,
                    "\(name): expected \(formats.joined(separator: " or ")), found \(chosen.kindDescription)"))
            return nil
        }
        guard formats.contains(format) else {
            diagnostics.append(
                Diagnostic(
                    chosen.mark, "\(name): '\(format)' is not one of \(formats.joined(separator: ", "))",
                    suggestion: nearest(to: format, among: formats)))
            return nil
        }
        return configure(format, rest, &diagnostics)
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
