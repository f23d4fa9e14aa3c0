import Files
import Networks
import Pipelines
import Stages
import Training

/// `hilum explain --score`: how good maps are on images whose boxes are known.
struct ExplanationScoring {
    let model: String
    let baseline: RemovalBaseline
    /// Parts that pixels are removed in.
    let steps: Int
    /// Images that the check with shuffled weights is made on; it runs the network some thirty times a map.
    let randomizedImages: Int
    let subjects: [ExplanationScores.Subject]

    func run(_ images: [LabelledImage], to path: String) throws {
        let loaded = try ModelLibrary.model(named: model)
        let evaluation = try DetectorEvaluation(model: model)
        var scores = ExplanationScores(loaded.detector, subjects, steps: steps, baseline: baseline)
        var checked: [BestFinding] = []
        for (number, image) in images.enumerated() where !image.boxes.isEmpty {
            let item = try evaluation.item(image)
            try scores.add(image, item)
            if checked.count < randomizedImages, let best = try BestFinding(item) { checked.append(best) }
            Progress.show(number + 1, of: images.count)
        }
        Progress.clear()
        guard scores.imageCount > 0 else {
            throw UsageError("no image with a true box has a finding: there is nothing to explain")
        }
        Console.out(scores.table + "\n" + scores.rules.map { $0 + "\n" }.joined())
        let check =
            checked.isEmpty
            ? nil
            : try RandomizationCheck(
                of: checked, directory: loaded.directory, detector: loaded.detector, subjects: subjects)
        if let check {
            Console.out(
                "\nLikeness (Spearman, \(checked.count) images) to the trained network's map while weights are shuffled, one "
                    + "more part at a time; near 0 is sane:\n\n" + check.table)
        }
        let metrics = scores.metrics + (check?.metrics ?? [])
        let json: JSONValue = [
            "notice": "Research software. Not for clinical use.", "model": .string(loaded.detector.configuration.name),
            "modelDigest": .string(loaded.digest), "images": .integer(scores.imageCount),
            "rules": .array(scores.rules.map { .string($0) }),
            "metrics": .object(
                metrics.map { metric in
                    .init(
                        metric.name,
                        [
                            "value": metric.value.map { .number($0) } ?? .null,
                            "interval95": metric.interval.map { [.number($0.low), .number($0.high)] } ?? .null,
                        ])
                }),
        ]
        try AtomicFile.write(path, text: json.text(indented: true) + "\n")
    }
}
