/// A choice under `input:` of how the files that are found become items.
public struct InputOption: Sendable {
    public enum Values: Sendable {
        /// One of these; the first is the default.
        case choice([String])
        /// A list of words of the user's own, each once; none is the default.
        case words(count: ClosedRange<Int>)
    }

    public let name: String
    /// One sentence.
    public let summary: String
    public let values: Values

    /// - Precondition: at least one choice.
    public init(name: String, summary: String, choices: [String]) {
        precondition(!choices.isEmpty, "an option without choices")
        (self.name, self.summary, values) = (name, summary, .choice(choices))
    }

    /// - Parameter count: of words, when the option is given.
    public init(name: String, summary: String, words count: ClosedRange<Int>) {
        (self.name, self.summary, values) = (name, summary, .words(count: count))
    }

    /// What the option is where a pipeline says nothing of it.
    var defaultValue: InputSelection.Value {
        switch values {
        case .choice(let choices): .choice(choices[0])
        case .words: .words([])
        }
    }

    /// Reads the option's value, or says what is wrong with it.
    func read(_ node: ConfigurationNode) -> Reading<InputSelection.Value> {
        switch values {
        case .choice(let choices):
            let list = choices.joined(separator: ", ")
            guard let text = node.string else {
                return .wrong("expected one of \(list), found \(node.kindDescription)")
            }
            guard choices.contains(text) else {
                return .wrong("'\(text)' is not one of \(list)", suggestion: nearest(to: text, among: choices))
            }
            return .value(.choice(text))
        case .words(let count):
            let words: Reading<[String]> = node.list(count: count, of: "words") { node in
                guard let text = node.string, !text.isEmpty else {
                    return .wrong("expected a word, found \(node.kindDescription)")
                }
                return .value(text)
            }
            guard case .value(let list) = words, Set(list).count < list.count else {
                return words.map { .words($0) }
            }
            return .wrong("a word stands there twice")
        }
    }
}
