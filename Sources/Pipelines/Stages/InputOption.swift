/// A choice under `input:` of how the files that are found become items.
public struct InputOption: Sendable {
    public let name: String
    /// One sentence.
    public let summary: String
    /// The first is the default.
    public let choices: [String]

    /// - Precondition: at least one choice.
    public init(name: String, summary: String, choices: [String]) {
        precondition(!choices.isEmpty, "an option without choices")
        (self.name, self.summary, self.choices) = (name, summary, choices)
    }
}
