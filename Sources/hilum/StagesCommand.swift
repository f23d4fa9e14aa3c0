import ArgumentParser
import Pipelines
import Stages

struct StagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stages", abstract: "Every stage with its options, defaults and units.")

    @Argument(help: "One stage only.")
    var name: String?

    @Flag(help: "JSON Schema of a pipeline file, for editors.")
    var schema = false

    func run() throws {
        let registry = Registry.hilum
        if schema {
            Console.out(registry.jsonSchema.text(indented: true) + "\n")
            return
        }
        if let name {
            guard let stage = registry.stage(named: name) else {
                let meant = registry.suggestion(for: name).map { "; did you mean '\($0)'?" } ?? ""
                throw UsageError("there is no stage '\(name)'\(meant)")
            }
            Console.out(describe(stage))
            return
        }
        Console.out(registry.stages.map(describe).joined(separator: "\n"))
        Console.out("\noutputs\n")
        for output in registry.outputs {
            Console.out("  \(output.name): \(output.formats.joined(separator: " | "))  \(output.summary)\n")
        }
    }

    private func describe(_ stage: StageDescription<Item>) -> String {
        var text = "\(stage.name)\n  \(stage.summary)\n"
        for (parameter, value) in zip(stage.parameters, stage.defaults) {
            let unit = parameter.unit.map { " [\($0)]" } ?? ""
            let initial = value == .null ? "" : " (default \(value.text()))"
            text += "  - \(parameter.name): \(parameter.type.summary)\(unit)\(initial)\n      \(parameter.summary)\n"
        }
        return text
    }
}
