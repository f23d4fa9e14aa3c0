/// One mistake in a configuration: where, what, and what may have been meant.
public struct Diagnostic: Sendable, CustomStringConvertible {
    public var mark: ConfigurationNode.Mark
    public var message: String
    /// A key, stage or value that the user may have meant.
    public var suggestion: String?

    public init(_ mark: ConfigurationNode.Mark, _ message: String, suggestion: String? = nil) {
        (self.mark, self.message, self.suggestion) = (mark, message, suggestion)
    }

    /// `file:line:column: error: message; did you mean 'x'?` and the line with a caret under the place.
    public var description: String {
        var text = "\(mark.source.name):\(mark.line):\(mark.column): error: \(message.printable)"
        if let suggestion { text += "; did you mean '\(suggestion)'?" }
        if mark.source.lines.indices.contains(mark.line - 1) {
            // One sign for each, so that the caret keeps its place.
            let line = String(mark.source.lines[mark.line - 1].map { $0 != "\t" && $0.isControl ? "\u{FFFD}" : $0 })
            let indent = line.prefix(max(mark.column - 1, 0)).map { $0 == "\t" ? "\t" : " " }.joined()
            text += "\n    \(line)\n    \(indent)^"
        }
        return text
    }
}

extension Character {
    fileprivate var isControl: Bool { unicodeScalars.contains { $0.properties.generalCategory == .control } }
}

/// Everything that is wrong with a configuration, in the order of the file.
public struct ConfigurationError: Error, CustomStringConvertible {
    public var diagnostics: [Diagnostic]

    public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}

/// The candidate nearest to a misspelt word, when it is near enough to have been meant.
///
/// Optimal string alignment distance (insertions, deletions, substitutions, swaps of neighbours), at most a third
/// of the word; case and `-`/`_` do not count.
package func nearest(to word: String, among candidates: [String]) -> String? {
    func normalized(_ text: String) -> [Character] { text.lowercased().filter { $0 != "-" && $0 != "_" }.map { $0 } }
    let target = normalized(word)
    let scored = candidates.map { ($0, alignmentDistance(target, normalized($0))) }
    guard let best = scored.min(by: { $0.1 < $1.1 }), best.1 <= max(1, target.count / 3) else { return nil }
    return best.0
}

private func alignmentDistance(_ a: [Character], _ b: [Character]) -> Int {
    var rows = [Array(0...b.count)]
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            var cost = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, rows[i - 1][j - 1] + 1) }
            row.append(cost)
        }
        rows.append(row)
    }
    return rows[a.count][b.count]
}
