import ArgumentParser
import Foundation
import Pipelines
import Stages

struct DetectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detect", abstract: "Find lesions: boxes, heatmaps and overlays with a shipped pipeline.")

    @OptionGroup var options: RunOptions

    @Option(
        help: ArgumentHelp(
            "Name of a shipped model, or a model's folder. The shipped pipeline of that name prepares the image; where there is none, and for folders, that of \(usualModel). [default: \(usualModel)]"
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
            pipelineAt: pipeline(for: model, isQuiet: options.items.quiet),
            choices: [
                .init(option: "--model", path: "stages.detect.model", value: model, usual: usualModel, isText: true),
                .init(option: "--threshold", path: "stages.detect.threshold", value: threshold.map { "\($0)" }),
                .init(option: "--dicom", path: "outputs.dicom", value: results),
            ])
    }
}

/// The shipped model that looks at images where none is named.
let usualModel = "brain-mri-tumour"

/// The shipped pipeline that prepares images for a model: that of its name; where there is none, and for models given by
/// folder, that of the usual one, and it is said.
func pipeline(for model: String?, isQuiet: Bool) -> String {
    let model = model ?? usualModel
    guard model.contains("/") || Resources.pipeline(named: model) == nil else { return model }
    // Of a model that is not there, the run says so.
    let exists =
        ModelLibrary.names.contains(model) || FileManager.default.isReadableFile(atPath: "\(model)/config.json")
    if exists, !isQuiet {
        Console.error(
            "hilum: the shipped pipeline \(usualModel) prepares images for \(model); for a model that wants others, give "
                + "hilum run a pipeline of its own with detect: { model: \(model) }\n")
    }
    return usualModel
}
