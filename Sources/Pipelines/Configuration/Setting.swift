/// `--set path=value`: one value of a pipeline changed from the command line.
///
/// The path's parts are separated by dots. In a list a part is an index from 0 or the name of a stage, so that
/// `stages.normalize.upper=99` and `stages.2.normalize.upper=99` both work. The value is YAML.
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
            guard let index = Int(part) ?? nodes.firstIndex(where: { $0.names(part) }), nodes.indices.contains(index)
            else {
                throw ConfigurationError([
                    Diagnostic(
                        mark, "nothing in the list is called '\(part)'",
                        suggestion: nearest(to: part, among: nodes.compactMap(\.stageName)))
                ])
            }
            if Int(part) == nil, case .scalar(let name, _) = nodes[index].content {
                // A bare stage name grows options: `- rescale` becomes `- rescale: { ... }`.
                let empty = ConfigurationNode(content: .null, mark: mark)
                let entry = ConfigurationNode.Entry(
                    key: name, keyMark: nodes[index].mark, value: try replace(in: empty, remaining))
                nodes[index].content = .mapping([entry])
            } else {
                nodes[index] = try replace(in: nodes[index], Int(part) == nil ? rest : remaining)
            }
            result.content = .sequence(nodes)
        case .scalar:
            throw ConfigurationError([Diagnostic(mark, "'\(part)' cannot be set inside a plain value")])
        }
        return result
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

    fileprivate func names(_ part: String) -> Bool { stageName == part }
}
