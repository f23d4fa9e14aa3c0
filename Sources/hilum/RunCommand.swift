import ArgumentParser

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a pipeline over files and folders.")

    @Argument(help: "A pipeline file, or the name of a shipped one.", completion: .file(extensions: ["yaml", "json"]))
    var pipeline: String

    @OptionGroup var options: RunOptions

    func run() async throws { try await options.execute(pipelineAt: pipeline) }
}
