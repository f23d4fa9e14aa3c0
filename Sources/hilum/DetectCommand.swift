import ArgumentParser
import Stages

struct DetectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect", abstract: "Find lesions: boxes, heatmaps and overlays with a shipped pipeline.")

    @OptionGroup var options: RunOptions

    @Option(help: "Name of a shipped model, or a model's folder. The shipped pipeline of that name prepares the image.")
    var model = "brain-mri-tumour"

    @Option(help: "Least score of a finding. [default: the model card's]")
    var threshold: Double?

    @Option(
        help: "DICOM objects of what was found, for DICOM input: of sr, seg, pr and sc one or more, as in sr,pr.")
    var dicom: String?

    func validate() throws {
        for kind in kinds where !DICOMResultKind.allCases.map(\.rawValue).contains(kind) {
            throw ValidationError(
                "--dicom: '\(kind)' is none of \(DICOMResultKind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }

    private var kinds: [String] {
        dicom.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
    }

    func run() async throws {
        var settings = ["stages.detect.model=\(model)"]
        if let threshold { settings.append("stages.detect.threshold=\(threshold)") }
        if !kinds.isEmpty { settings.append("outputs.dicom=[\(kinds.joined(separator: ", "))]") }
        try await options.execute(pipelineAt: shippedPipeline(for: model), settings: settings)
    }
}

/// Models given by folder go through the pipeline of the model that ships.
func shippedPipeline(for model: String) -> String {
    model.contains("/") || Resources.pipeline(named: model) == nil ? "brain-mri-tumour" : model
}
