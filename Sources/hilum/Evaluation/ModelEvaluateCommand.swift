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
        abstract: "Measure a model, or anybody's predictions, on a data set: boxes, image scores, calibration.",
        discussion: """
            The data set is a folder or file in one of the known formats: an index CSV, COCO JSON, YOLO text, CheXpert \
            labels, NIH, RSNA or VinDr boxes. Images go through the same stages as in the shipped pipeline. Intervals are \
            95 % bootstrap intervals over patients where they are known. With -o FILE.json the numbers go there, with -o \
            FOLDER also the curves and the predictions.
            """)

    @Argument(help: "Name of a shipped model, or a model's folder; left out with --predictions.")
    var model: String?

    @Option(help: "The data set: its folder, or the file with its annotations.", completion: .file())
    var data: String

    @OptionGroup var selection: DatasetSelection

    @Option(
        name: .shortAndLong,
        help: "Where the numbers go: a .json file, or a folder for numbers, curves and predictions.")
    var output: String?

    @Option(help: "Measure these predictions (COCO results JSON) instead of a model's.", completion: .file())
    var predictions: String?

    @Option(help: "Compare with these predictions (COCO results JSON) by McNemar's test.", completion: .file())
    var against: String?

    @Option(help: "Least score of a box for numbers at threshold. [default: the model's; 0.5 of predictions]")
    var threshold: Double?

    @Option(help: "Where patients are not known: draw blocks of N file numbers in the bootstrap.")
    var block: Int?

    @Option(help: "Draw 24 images with boxes and heatmaps, good ones and failures, into this PNG file.")
    var contactSheet: String?

    @Flag(help: "Put the numbers into the model's card.")
    var card = false

    @Flag(help: "Measure explanations too (slow): the numbers of `hilum explain --score`.")
    var explanations = false

    func validate() throws {
        if (model == nil) == (predictions == nil) { throw ValidationError("give a model, or --predictions") }
        if predictions != nil, card || explanations || contactSheet != nil {
            throw ValidationError("--card, --explanations and --contact-sheet need a model")
        }
        if let block, block < 1 { throw ValidationError("--block must be above 0") }
        if let threshold, !(0...1).contains(threshold) { throw ValidationError("--threshold must be in [0, 1]") }
    }

    func run() throws {
        let dataset = try selection.load(data)
        let (images, part) = try selection.selected(dataset)
        let other = try against.map { try COCOResults(path: $0).results(images, of: dataset) }
        if let model {
            try evaluate(model, dataset, images, part, against: other)
        } else if let predictions {
            let results = try COCOResults(path: predictions).results(images, of: dataset)
            try checkOutputs()
            let evaluated = zip(images, results).map { EvaluatedImage(image: $0, result: $1) }
            let metrics = try EvaluationMetrics(
                evaluated, classes: dataset.classes, threshold: threshold ?? 0.5, calibration: nil, blockSize: block)
            let name = URL(fileURLWithPath: predictions).lastPathComponent
            var report = EvaluationReport(title: title(name, images, part), metrics: metrics)
            report.further = other.map { compared(results, with: $0, threshold: metrics.threshold) } ?? []
            try deliver(report, dataset, images, part, [.init("predictions", .string(name))])
        }
    }

    private func evaluate(
        _ model: String, _ dataset: LabelledDataset, _ images: [LabelledImage], _ part: String,
        against other: [ImageResult]?
    ) throws {
        let loaded = try ModelLibrary.model(named: model)
        let modelCard = card ? ModelCard(path: "\(loaded.directory)/README.md") : nil
        try modelCard?.check()
        try checkOutputs()
        let configuration = loaded.detector.configuration
        let unknown = dataset.classes.filter { !configuration.classes.contains($0) }
        if !unknown.isEmpty {
            Console.error("the model knows no class \(unknown.joined(separator: ", ")): their boxes count as missed\n")
        }
        let evaluation = try DetectorEvaluation(model: model)
        var audit =
            explanations
            ? ExplanationScores(loaded.detector, ExplanationScores.subjects(), baseline: .blurred) : nil
        var results: [EvaluatedImage] = []
        for (number, image) in images.enumerated() {
            let item = try evaluation.item(image)
            results.append(evaluation.evaluate(image, item))
            try audit?.add(image, item)
            Progress.show(number + 1, of: images.count)
        }
        Progress.clear()
        let metrics = try EvaluationMetrics(
            results, classes: dataset.classes + configuration.classes.filter { !dataset.classes.contains($0) },
            threshold: threshold ?? configuration.recommendedThreshold.decimal, calibration: configuration.calibration,
            blockSize: block)
        var report = EvaluationReport(title: title(configuration.name, images, part), metrics: metrics)
        report.further =
            (other.map { compared(results.map(\.result), with: $0, threshold: metrics.threshold) } ?? [])
            + (audit?.metrics ?? [])
        try deliver(
            report, dataset, images, part,
            [.init("model", .string(configuration.name)), .init("modelDigest", .string(loaded.digest))])
        if let contactSheet {
            try draw(
                metrics.located.map { results[$0] }, evaluation, loaded.detector, metrics.threshold, to: contactSheet)
        }
        try modelCard?.write(
            report, command: cardCommand, digest: loaded.digest, confounded: ModelCard.isConfounded(images))
    }

    /// Before anything is computed for nothing.
    ///
    /// - Throws: `FileError` where what will be measured could not be written.
    private func checkOutputs() throws {
        let file = output.map { $0.hasSuffix(".json") ? $0 : "\($0)/evaluation.json" }
        for path in [file, contactSheet].compactMap(\.self) { try AtomicFile.prepare(path, text: "").discard() }
    }

    private func title(_ name: String, _ images: [LabelledImage], _ part: String) -> String {
        let abnormal = images.count(where: \.isAbnormal)
        return "\(name) on \(images.count) images of the part '\(part)', \(abnormal) of them with findings"
    }

    /// Without the places of files, which are everybody's own.
    private var cardCommand: String {
        var words = ["hilum model evaluate \(model ?? "") --data DATA"]
        words += selection.reading.arguments.map { ([$0.name] + [$0.value].compactMap(\.self)).joined(separator: " ") }
        if let split = selection.split { words.append("--split \(split)") }
        if let limit = selection.limit { words.append("--limit \(limit)") }
        if let threshold { words.append("--threshold \(threshold)") }
        if let block { words.append("--block \(block)") }
        if against != nil { words.append("--against PREDICTIONS") }
        if explanations { words.append("--explanations") }
        return (words + ["--card"]).joined(separator: " ")
    }

    private func deliver(
        _ report: EvaluationReport, _ dataset: LabelledDataset, _ images: [LabelledImage], _ part: String,
        _ origin: [JSONValue.Member]
    ) throws {
        Console.out(report.title + "\n\n" + report.table + "\n" + report.rules.map { $0 + "\n" }.joined())
        if ModelCard.isConfounded(images) {
            Console.out(
                "Images with and without findings come from different sources: image-level numbers are confounded by source.\n"
            )
        }
        guard let output else { return }
        let json = report.json(
            origin + [
                .init("format", .string(dataset.format.rawValue)), .init("split", .string(part)),
                .init("images", .integer(images.count)), .init("threshold", .number(report.metrics.threshold)),
            ])
        if output.hasSuffix(".json") {
            try AtomicFile.write(output, text: json.text(indented: true) + "\n")
            return
        }
        try AtomicFile.write("\(output)/evaluation.json", text: json.text(indented: true) + "\n")
        try AtomicFile.write(
            "\(output)/predictions.json",
            text: COCOResults.text(report.metrics.results.map(\.result), images, of: dataset) + "\n")
        try EvaluationCurves(metrics: report.metrics).write(to: output)
    }

    private func draw(
        _ results: [EvaluatedImage], _ evaluation: DetectorEvaluation, _ detector: Detector, _ threshold: Double,
        to path: String
    ) throws {
        let sheet = ContactSheet(threshold: threshold)
        let chosen = sheet.chosen(results)
        let items = try chosen.map { index -> (item: Item, map: HeatmapGrid?) in
            let item = try evaluation.item(results[index].image)
            guard let best = try BestFinding(item), best.detection.score.decimal >= threshold else {
                return (item, nil)
            }
            let target = Detections(boxes: [best.detection], abnormality: 0)
            return (item, try detector.explain(best.image, detections: target, method: .preferred).first)
        }
        try writePNG(sheet.render(chosen.map { results[$0] }, items), path)
    }
}
