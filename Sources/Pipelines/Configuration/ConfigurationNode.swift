/// A value of a configuration file that knows where it stands.
///
/// YAML and JSON files and the values of `--set` all become this tree, so that every later mistake can be shown
/// at its line and column, whatever it came from.
public struct ConfigurationNode: Sendable {
    public var content: Content
    public var mark: Mark

    public indirect enum Content: Sendable {
        case null
        /// `isPlain` is false for quoted text, which is never a number or a boolean.
        case scalar(String, isPlain: Bool)
        case sequence([ConfigurationNode])
        case mapping([Entry])
    }

    public struct Entry: Sendable {
        public var key: String
        public var keyMark: Mark
        public var value: ConfigurationNode
    }

    /// A place in a source, line and column counted from 1.
    public struct Mark: Sendable {
        public var source: Source
        public var line: Int
        public var column: Int
    }

    /// A file, or one argument of the command line.
    public struct Source: Sendable {
        public var name: String
        public var lines: [String]
    }

    public var boolean: Bool? {
        guard case .scalar(let text, true) = content else { return nil }
        return switch text {
        case "true", "True", "yes", "on": true
        case "false", "False", "no", "off": false
        default: nil
        }
    }

    public var number: Double? {
        guard case .scalar(let text, true) = content, let value = Double(text), value.isFinite else { return nil }
        return value
    }

    public var string: String? {
        guard case .scalar(let text, _) = content else { return nil }
        return text
    }

    public var sequence: [ConfigurationNode]? {
        guard case .sequence(let nodes) = content else { return nil }
        return nodes
    }

    public var mapping: [Entry]? {
        switch content {
        case .mapping(let entries): entries
        case .null: []
        default: nil
        }
    }

    /// What this is, in a user's words: for "expected a number, found ...".
    public var kindDescription: String {
        switch content {
        case .null: "nothing"
        case .scalar(let text, _): "'\(text.prefix(40))'"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}
