/// Reads files of other shapes than a pipeline's, and collects their mistakes instead of stopping at the first.
public struct ConfigurationReader {
    public private(set) var diagnostics: [Diagnostic] = []

    public init() {}

    /// - Throws: all mistakes that were reported.
    public func finish() throws(ConfigurationError) {
        guard diagnostics.isEmpty else { throw ConfigurationError(diagnostics) }
    }

    public mutating func report(_ mark: ConfigurationNode.Mark, _ message: String, suggestion: String? = nil) {
        diagnostics.append(Diagnostic(mark, message, suggestion: suggestion))
    }

    /// Entries of a mapping; unknown keys are mistakes.
    ///
    /// - Parameter owner: what the mapping is, in a user's words: "a rule".
    public mutating func mapping(
        _ node: ConfigurationNode, _ owner: String, _ known: [String]
    ) -> [ConfigurationNode.Entry]? {
        guard let entries = node.mapping else {
            report(node.mark, "\(owner): expected a mapping, found \(node.kindDescription)")
            return nil
        }
        for entry in entries where !known.contains(entry.key) {
            report(
                entry.keyMark, "\(owner) has no '\(entry.key)'; it has \(known.joined(separator: ", "))",
                suggestion: nearest(to: entry.key, among: known))
        }
        return entries
    }

    public mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ node: ConfigurationNode, _ name: String
    ) -> Choice? {
        let names = Choice.allCases.map(\.rawValue)
        if let choice = node.string.flatMap({ Choice(rawValue: $0) }) { return choice }
        report(
            node.mark, "\(name): expected one of \(names.joined(separator: ", ")), found \(node.kindDescription)",
            suggestion: node.string.flatMap { nearest(to: $0, among: names) })
        return nil
    }

    public mutating func text(_ entry: ConfigurationNode.Entry) -> String? {
        if let text = entry.value.string, !text.isEmpty { return text }
        report(entry.value.mark, "\(entry.key): expected text, found \(entry.value.kindDescription)")
        return nil
    }

    public mutating func number(_ entry: ConfigurationNode.Entry, in range: ClosedRange<Double>) -> Double? {
        if let value = entry.value.number, range.contains(value) { return value }
        report(
            entry.value.mark,
            "\(entry.key): expected a number in [\(range.lowerBound), \(range.upperBound)], found \(entry.value.kindDescription)"
        )
        return nil
    }

    public mutating func integer(_ entry: ConfigurationNode.Entry, in range: ClosedRange<Int>) -> Int? {
        if let value = entry.value.number.flatMap({ Int(exactly: $0) }), range.contains(value) { return value }
        report(
            entry.value.mark,
            "\(entry.key): expected a whole number in [\(range.lowerBound), \(range.upperBound)], found \(entry.value.kindDescription)"
        )
        return nil
    }

    /// One text, or a list of some.
    public mutating func texts(_ entry: ConfigurationNode.Entry) -> [String] {
        let nodes = entry.value.sequence ?? [entry.value]
        let texts = nodes.compactMap(\.string)
        if texts.count != nodes.count || texts.isEmpty {
            report(entry.value.mark, "\(entry.key): expected text or a list of it")
        }
        return texts
    }
}
