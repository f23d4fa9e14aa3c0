/// `--set path=value`: one value of a pipeline changed from the command line.
///
/// The path's parts are separated by dots. In a list a part is an index from 0 or the name of a stage, so that
/// `stages.normalize.upper=99` and `stages.2.normalize.upper=99` both work; a name that several stages have needs the
/// index. The value is YAML.
public struct Setting: Sendable {
    let path: [String]
    let value: ConfigurationNode
    let mark: ConfigurationNode.Mark

    /// - Throws: `ConfigurationError` when there is no `=` or the value is not YAML.
    public init(_ argument: String) throws(ConfigurationError) {
        let source = ConfigurationNode.Source(name: "--set", lines: [argument])
        mark = .init(source: source, line: 1, column: 1)
        guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
            throw ConfigurationError([Diagnostic(mark, "expected PATH=VALUE, as in stages.normalize.upper=99")])
        }
        path = argument[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let text = String(argument[argument.index(after: equals)...])
        value = try ConfigurationNode.parse(yaml: text.isEmpty ? "~" : text, name: "--set \(argument[..<equals])")
    }

    /// - Parameter text: the value as it is, whatever it would mean in YAML.
    public init(_ path: String, text: String) {
        mark = .init(source: .init(name: "--set \(path)", lines: [text]), line: 1, column: 1)
        self.path = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        value = ConfigurationNode(content: .scalar(text, isPlain: false), mark: mark)
    }

    /// The tree with this value in its place; mappings on the way are made when they are missing.
    public func applied(to root: ConfigurationNode) throws(ConfigurationError) -> ConfigurationNode {
        try replace(in: root, path[...])
    }

    private func replace(
        in node: ConfigurationNode, _ rest: ArraySlice<String>
    ) throws(ConfigurationError) -> ConfigurationNode {
        guard let part = rest.first else { return value }
        let remaining = rest.dropFirst()
        var result = node
        switch node.content {
        case .mapping(var entries):
            if let index = entries.firstIndex(where: { $0.key == part }) {
                entries[index].value = try replace(in: entries[index].value, remaining)
            } else {
                let empty = ConfigurationNode(content: .null, mark: mark)
                entries.append(.init(key: part, keyMark: mark, value: try replace(in: empty, remaining)))
            }
            result.content = .mapping(entries)
        case .null:
            let empty = ConfigurationNode(content: .null, mark: mark)
            result.content = .mapping([.init(key: part, keyMark: mark, value: try replace(in: empty, remaining))])
        case .sequence(var nodes):
            let index = try self.index(of: part, in: nodes, rest)
            let inner = Int(part) == nil ? rest : remaining
            if case .scalar(let name, _) = nodes[index].content, name == inner.first {
                // A bare stage name grows options: `- rescale` becomes `- rescale: { ... }`.
                let empty = ConfigurationNode(content: .null, mark: mark)
                nodes[index].content = .mapping([.init(key: name, keyMark: nodes[index].mark, value: empty)])
            }
            nodes[index] = try replace(in: nodes[index], inner)
            result.content = .sequence(nodes)
        case .scalar:
            throw mistake("'\(part)' cannot be set inside a plain value")
        }
        return result
    }

    /// Where in a list a part of the path leads.
    ///
    /// - Parameter rest: of the path, from the part on.
    private func index(
        of part: String, in nodes: [ConfigurationNode], _ rest: ArraySlice<String>
    ) throws(ConfigurationError) -> Int {
        let named = Int(part).map { [$0] } ?? nodes.indices.filter { nodes[$0].stageName == part }
        guard let index = named.first, nodes.indices.contains(index) else {
            throw mistake(
                "nothing in the list is called '\(part)'",
                suggestion: nearest(to: part, among: nodes.compactMap(\.stageName)))
        }
        let place = path[..<rest.startIndex]
        guard named.count == 1 else {
            let choices = named.map { (place + ["\($0)"] + rest).joined(separator: ".") }
            throw mistake(
                "\(named.count) stages are called '\(part)': say which by \(choices.joined(separator: " or "))")
        }
        // An option beside the stage's name would make the entry two stages.
        if place == ["stages"], Int(part) != nil, let option = rest.dropFirst().first,
            let name = nodes[index].stageName, option != name
        {
            throw mistake(
                "stages.\(index), counted from 0, is \(name): its options are set by stages.\(index).\(name).OPTION, not "
                    + "'\(option)'")
        }
        return index
    }

    private func mistake(_ message: String, suggestion: String? = nil) -> ConfigurationError {
        ConfigurationError([Diagnostic(mark, message, suggestion: suggestion)])
    }
}

extension ConfigurationNode {
    /// The name of a stage in a list of stages: `- rescale` or `- rescale: {...}`.
    var stageName: String? {
        switch content {
        case .scalar(let name, _): name
        case .mapping(let entries) where entries.count == 1: entries[0].key
        default: nil
        }
    }
}
