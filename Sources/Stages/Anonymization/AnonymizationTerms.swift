import BurnedInText
import Cryptography
import Deidentification
import Pipelines

/// What all results of one release are made under beside its key, as the report and `run.json` say it.
struct AnonymizationTerms: Sendable {
    /// Lines of `Policy.summary`; nil while a run under other terms is not at its end, so that results of both lie there.
    private let policy: [String]?
    private let layout: String
    /// SHA-256 of the rules for text in pixels; nil in what earlier versions wrote.
    private let textRules: String?

    init(_ policy: Policy, _ layout: OutputLayout, _ textRules: DeviceRules) {
        (self.policy, self.layout) = (policy.summary, layout.template)
        self.textRules = Self.digest(of: textRules)
    }

    /// - Parameter record: `run.json`, or a report.
    init(_ record: JSONValue) {
        func text(_ value: JSONValue?) -> String? { if case .string(let text)? = value { text } else { nil } }
        if case .array(let lines)? = record["policy"] { policy = lines.compactMap(text) } else { policy = nil }
        (layout, textRules) = (text(record["layout"]) ?? "", text(record["textRules"]))
    }

    static func digest(of rules: DeviceRules) -> String { Digest.of("\(rules)") }

    /// How earlier terms were others, in words that follow "made"; nil when they were these.
    func difference(ofEarlier earlier: Self) -> String? {
        guard let before = earlier.policy else {
            return "under several policies by a run that was not brought to its end"
        }
        let now = policy ?? []
        let parts =
            before.filter { !now.contains($0) }.map { "with \($0)" }
            + now.filter { !before.contains($0) }.map { "without \($0)" }
            + (earlier.layout == layout ? [] : ["with --layout \(earlier.layout)"])
            + (earlier.textRules.map { $0 == textRules } ?? true ? [] : ["with other --text-rules"])
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}
