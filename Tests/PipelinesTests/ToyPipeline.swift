import Pipelines

/// An item small enough to see through: a number and what was done to it.
struct Toy: PipelineItem {
    var value = 0.0
    var history = History()
}

enum Rounding: String, CaseIterable, Sendable { case up, down }

/// `- add: { amount: 2 }`
struct Add: Stage {
    static let name = "add"
    static let summary = "Add a number."
    static let parameters: [Parameter<Add>] = [
        .number("amount", \.amount, in: 0...10, unit: "points", "What to add."),
        .choice("rounding", \.rounding, "Which way to round."),
        .integers("size", \.size, count: 2...3, each: 1...100, "Sizes."),
        .boolean("loud", \.loud, "Say so."),
    ]
    var amount = 1.0
    var rounding = Rounding.up
    var size = [1, 2]
    var loud = false

    func mistakes() -> [String] { loud && amount == 0 ? ["loud about nothing"] : [] }
    func run(_ item: inout Toy, _ context: StageContext) throws { item.value += amount }
}

/// Draws.
struct Roll: Stage {
    static let name = "roll"
    static let summary = "Add the number of the variant."
    static let isRandom = true
    func workingBytes(_ input: Outline) -> Int { 1000 }
    func run(_ item: inout Toy, _ context: StageContext) throws { item.value += Double(context.variant) }
}

/// Makes something that `Judge` needs.
struct Look: Stage {
    static let name = "look"
    static let summary = "Look."
    static let produces: Set<Kind> = [Kind("findings")]
    func run(_ item: inout Toy, _ context: StageContext) throws {}
}

struct Judge: Stage {
    static let name = "judge"
    static let summary = "Judge what was found."
    static let requires: Set<Kind> = [Kind("findings")]
    func run(_ item: inout Toy, _ context: StageContext) throws {
        if item.value > 100 { throw ToyError() }
    }
}

struct ToyError: Error {}

let toys = Registry<Toy>(
    stages: [.init(Add.self), .init(Look.self), .init(Judge.self), .init(Roll.self)],
    outputs: [
        Output(name: "values", summary: "The value.", formats: ["json", "text"], requires: []) { item, _, _ in
            [OutputFile(suffix: ".json", text: "\(item.value)")]
        }
    ], formats: ["number"], modalities: ["CT", "MR", "PT"],
    inputOptions: [InputOption(name: "order", summary: "Which comes first.", choices: ["low", "high"])],
    initialKinds: [])

func parse(_ text: String, _ settings: [String] = []) throws -> Pipeline<Toy> {
    try Pipeline.parse(
        text, name: "toy.yaml", settings: settings.map { try Setting($0) }, registry: toys)
}

/// "line:column: message" of every mistake.
func mistakes(_ text: String, _ settings: [String] = []) -> [String] {
    do {
        _ = try parse(text, settings)
        return []
    } catch let error as ConfigurationError {
        return error.diagnostics.map {
            "\($0.mark.line):\($0.mark.column): \($0.message)" + ($0.suggestion.map { " [\($0)]" } ?? "")
        }
    } catch {
        return ["unexpected \(error)"]
    }
}
