import Yams

extension ConfigurationNode {
    /// Reads YAML (JSON is a part of it).
    ///
    /// - Throws: `ConfigurationError`; YAML's own errors stop at the first.
    public static func parse(yaml text: String, name: String) throws(ConfigurationError) -> ConfigurationNode {
        var repeated: [Diagnostic] = []
        let node = try parse(yaml: text, name: name, &repeated)
        guard repeated.isEmpty else { throw ConfigurationError(repeated) }
        return node
    }

    /// The same, where keys that stand in a mapping a second time are told beside the tree, which has them all.
    static func parse(
        yaml text: String, name: String, _ repeated: inout [Diagnostic]
    ) throws(ConfigurationError) -> ConfigurationNode {
        let lines = text.split(omittingEmptySubsequences: false) { lineBreaks.contains($0) }.map(String.init)
        let source = Source(name: name, lines: lines)
        let start = Mark(source: source, line: 1, column: 1)
        guard text.utf8.count <= 1 << 20 else {
            throw ConfigurationError([Diagnostic(start, "the file is larger than 1 MiB; this is not a pipeline")])
        }
        let root: Yams.Node?
        var aside = KeysSetAside(lines: lines)
        do {
            root = try aside.compose(text)
        } catch let error as YamlError {
            throw ConfigurationError([error.diagnostic(in: source)])
        } catch {
            throw ConfigurationError([Diagnostic(start, "not readable as YAML")])
        }
        guard let root else { throw ConfigurationError([Diagnostic(start, "the file is empty")]) }
        var budget = 20_000
        guard let node = ConfigurationNode(root, in: source, aside, budget: &budget, &repeated) else {
            throw ConfigurationError([Diagnostic(start, "more than 20,000 values once aliases are expanded")])
        }
        return node
    }

    /// Those of YAML 1.1 (section 4.2), by which its reader counts lines.
    private static let lineBreaks: [Character] = ["\n", "\r\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]

    /// - Parameter budget: nodes that may still be made; aliases can make a small file a huge tree.
    private init?(
        _ node: Yams.Node, in source: Source, _ aside: KeysSetAside, budget: inout Int, _ repeated: inout [Diagnostic]
    ) {
        budget -= 1
        guard budget > 0 else { return nil }
        mark = Mark(node.mark, in: source)
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .any || scalar.style == .plain
            content =
                isPlain && ["", "~", "null"].contains(scalar.string)
                ? .null : .scalar(scalar.string, isPlain: isPlain)
        case .sequence(let sequence):
            var nodes: [ConfigurationNode] = []
            for element in sequence {
                guard let node = ConfigurationNode(element, in: source, aside, budget: &budget, &repeated)
                else { return nil }
                nodes.append(node)
            }
            content = .sequence(nodes)
        case .mapping(let mapping):
            var entries: [Entry] = []
            for (key, value) in mapping {
                guard let node = ConfigurationNode(value, in: source, aside, budget: &budget, &repeated)
                else { return nil }
                let (name, mark) = (aside.original(key.string ?? ""), Mark(key.mark, in: source))
                if !aside.isEmpty, let first = entries.first(where: { $0.key == name }) {
                    repeated.append(
                        Diagnostic(
                            mark,
                            "'\(name)' stands in this mapping already, in line \(first.keyMark.line); keep one of them")
                    )
                }
                entries.append(Entry(key: name, keyMark: mark, value: node))
            }
            content = .mapping(entries)
        case .alias:
            content = .null
        }
    }
}

extension ConfigurationNode.Mark {
    fileprivate init(_ mark: Yams.Mark?, in source: ConfigurationNode.Source) {
        self.init(source: source, line: mark?.line ?? 1, column: mark?.column ?? 1)
    }
}

extension YamlError {
    fileprivate func diagnostic(in source: ConfigurationNode.Source) -> Diagnostic {
        switch self {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return Diagnostic(.init(mark, in: source), problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            return Diagnostic(
                .init(context.mark, in: source),
                "the key \(duplicates.map { "'\($0)'" }.joined(separator: ", ")) appears twice in this mapping")
        default:
            return Diagnostic(.init(nil, in: source), "not readable as YAML")
        }
    }
}
