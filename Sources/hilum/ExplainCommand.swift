import ArgumentParser
import Networks

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show why: a heatmap for each finding, by the method of choice.")

    @OptionGroup var options: RunOptions

    @Option(
        help: ArgumentHelp(
            "How heatmaps are made: \(ExplanationMethod.allCases.map(\.rawValue).joined(separator: ", "))."))
    var method = ExplanationMethod.preferred.rawValue

    @Option(help: "Name of a shipped model, or a model's folder.")
    var model = "brain-mri-tumour"

    func run() async throws {
        try await options.execute(
            pipelineAt: shippedPipeline(for: model),
            settings: ["stages.detect.model=\(model)", "stages.explain.method=\(method)"])
    }
}
