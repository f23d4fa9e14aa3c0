import ArgumentParser
import Pipelines

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check a pipeline file; every mistake with its line and column.")

    @Argument(help: "A pipeline file, or the name of a shipped one.", completion: .file(extensions: ["yaml", "json"]))
    var pipeline: String

    @Option(name: .customLong("set"), help: "Change a value before checking, as in `hilum run`. Repeatable.")
    var settings: [String] = []

    func run() throws {
        let checked = try loadPipeline(pipeline, settings: settings)
        let stages = checked.stages.map(\.name).joined(separator: ", ")
        Console.out("\(pipeline): \(checked.name) is right: \(stages)\n")
    }
}
