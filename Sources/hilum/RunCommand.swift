import ArgumentParser

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a pipeline over files and folders.",
        usage: """
            hilum run <pipeline> <inputs> ... --output <output> [<options>]
            hilum run --replay <sidecar> [<input>] --output <output> [<options>]
            """)

    @Argument(
        help: "A pipeline file, or the name of a shipped one.", completion: .file(extensions: ["yaml", "json"]))
    var pipeline: String?

    @OptionGroup var options: RunOptions

    @Option(
        help: "Make again what this sidecar stands beside, from the same input: INPUT comes in place of the pipeline.",
        completion: .file(extensions: ["json"]))
    var replay: String?

    func run() async throws {
        options.items.handleInterruption()
        if let replay { return try await options.replay(replay, input: pipeline) }
        guard let pipeline else { throw UsageError("name a pipeline and what it shall work on") }
        try await options.execute(pipelineAt: pipeline)
    }
}
