import ArgumentParser
import Stages

struct DetectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect", abstract: "Find lesions: boxes, heatmaps and overlays with a shipped pipeline.")

    @OptionGroup var options: RunOptions

    @Option(
        help: ArgumentHelp(
            "Name of a shipped model, or a model's folder. The shipped pipeline of that name prepares the image. [default: \(usualModel)]"
        ))
    var model: String?

    @Option(help: "Least score of a finding. [default: the model card's]")
    var threshold: Double?

    @Option(
        help: "DICOM objects of what was found, for DICOM input: of sr, seg, pr and sc one or more, as in sr,pr.")
    var dicom: [String] = []

    func validate() throws {
        for kind in kinds where !DICOMResultKind.allCases.map(\.rawValue).contains(kind) {
            throw ValidationError(
                "--dicom: '\(kind)' is none of \(DICOMResultKind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
    }

    private var kinds: [String] {
        dicom.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }

    func run() async throws {
        options.items.handleInterruption()
        let results = kinds.isEmpty ? nil : "[\(kinds.joined(separator: ", "))]"
        try await options.execute(
            pipelineAt: shippedPipeline(for: model ?? usualModel),
            choices: [
                .init(option: "--model", path: "stages.detect.model", value: model, usual: usualModel, isText: true),
                .init(option: "--threshold", path: "stages.detect.threshold", value: threshold.map { "\($0)" }),
                .init(option: "--dicom", path: "outputs.dicom", value: results),
            ])
    }
}

/// The shipped model that looks at images where none is named.
let usualModel = "brain-mri-tumour"

/// Models given by folder go through the pipeline of the model that ships.
func shippedPipeline(for model: String) -> String {
    model.contains("/") || Resources.pipeline(named: model) == nil ? usualModel : model
}
