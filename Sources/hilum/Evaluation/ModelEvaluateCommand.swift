import ArgumentParser
import Files
import Foundation
import Networks
import Pipelines
import Stages
import Training

struct ModelEvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measure a model on a data set: boxes, image scores, calibration and heatmaps.",
        discussion: """
            The data set is a folder with index.csv (image, split, class, width, height, boxes_xyxy, source). Images go \
            through the same stages as in the shipped pipeline. Intervals are 95 % bootstrap intervals over images.
            """)

    @Argument(help: "Name of a shipped model, or a model's folder.")
    var model: String

    @Option(help: "Folder with index.csv, or the file itself.", completion: .directory)
    var data: String

    @Option(help: "The part of the data set to measure on.")
    var split = "val"

    @Option(name: .shortAndLong, help: "Write the numbers as JSON here as well.")
    var output: String?

    @Option(help: "Only the first N images, for a quick look.")
    var limit: Int?

    @Flag(help: "Measure each explanation method too: does the map's maximum lie in the true box?")
    var explanations = false

    func run() throws {
        let loaded = try ModelLibrary.model(named: model)
        let configuration = loaded.detector.configuration
        let path = data.hasSuffix(".csv") ? data : "\(data)/index.csv"
        let index = try IndexCSV(path: path)
        let all = index.rows.filter { $0.split == split }
        let rows = Array(all.prefix(limit ?? all.count))
        guard !rows.isEmpty else { throw UsageError("\(path) has no images in the split '\(split)'") }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path

        let evaluation = DetectorEvaluation(model: model, classes: configuration.classes)
        var results: [EvaluatedImage] = []
        for (number, row) in rows.enumerated() {
            results.append(try evaluation.evaluate(row, in: folder, explaining: explanations))
            if isatty(STDERR_FILENO) == 1 { Console.error("\r\(number + 1) of \(rows.count)") }
        }
        if isatty(STDERR_FILENO) == 1 { Console.error("\r\u{1B}[K") }

        let report = EvaluationReport(
            results: results, classes: configuration.classes, threshold: configuration.recommendedThreshold)
        let title = "\(configuration.name) (\(loaded.digest.prefix(12))) on \(rows.count) images of split '\(split)'"
        Console.out(title + "\n" + report.table)
        if let output {
            var json = report.json
            json.set("model", .string(configuration.name))
            json.set("modelDigest", .string(loaded.digest))
            json.set("split", .string(split))
            json.set("images", .integer(rows.count))
            try AtomicFile.write(output, text: json.text(indented: true) + "\n")
        }
    }
}
