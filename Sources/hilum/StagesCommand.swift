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
            Console.out(describe(output.options, output.defaults, indent: "    "))
        }
        Console.out("\ninput\n")
        Console.out(
            "  modality: list of codes of DICOM, as in [CT, MR]  Of DICOM files only those; empty takes all, and other formats tell none.\n"
        )
        let formats = registry.formats.joined(separator: ", ")
        Console.out("  formats: list of \(formats)  Only files of these; empty takes all.\n")
        for option in registry.inputOptions {
            Console.out("  \(option.name): \(describe(option.values))  \(option.summary)\n")
        }
        Console.out(
            "\nvariants: whole number, in [1, 1000] (default 1)\n"
                + "  Results of each item; they differ from the first stage that draws on.\n")
    }

    private func describe(_ values: InputOption.Values) -> String {
        switch values {
        case .choice(let choices): choices.joined(separator: " | ")
        case .words(let count): "\(count.lowerBound) to \(count.upperBound) words"
        }
    }

    private func describe(_ stage: StageDescription<Item>) -> String {
        "\(stage.name)\n  \(stage.summary)\n" + describe(stage.parameters, stage.defaults, indent: "  ")
    }

    private func describe(_ parameters: [ParameterDescription], _ defaults: [JSONValue], indent: String) -> String {
        var text = ""
        for (parameter, value) in zip(parameters, defaults) {
            let unit = parameter.unit.map { " [\($0)]" } ?? ""
            let initial = value == .null ? "" : " (default \(value.text()))"
            text += "\(indent)- \(parameter.name): \(parameter.type.summary)\(unit)\(initial)\n"
            text += "\(indent)    \(parameter.summary)\n"
        }
        return text
    }
}
