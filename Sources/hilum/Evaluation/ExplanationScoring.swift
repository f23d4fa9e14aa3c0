import Files
import Networks
import Pipelines
import Stages
import Training

/// `hilum explain --score`: how good maps are on images whose boxes are known.
struct ExplanationScoring {
    let model: String
    let allLayers: Bool
    let baseline: RemovalBaseline
    /// Images that the check with shuffled weights is made on; it runs the network some thirty times a map.
    let randomizedImages: Int

    func run(_ images: [LabelledImage], to path: String) throws {
        let loaded = try ModelLibrary.model(named: model)
        let evaluation = try DetectorEvaluation(model: model)
        var scores = ExplanationScores(loaded.detector, allLayers: allLayers, baseline: baseline)
        var check = try RandomizationCheck(
            directory: loaded.directory, detector: loaded.detector, subjects: scores.subjects)
        var checked = 0
        for (number, image) in images.enumerated() where !image.boxes.isEmpty {
            let item = try evaluation.item(image)
            try scores.add(image, item)
            if checked < randomizedImages, let best = try BestFinding(item) {
                try check.add(best, scores)
                checked += 1
            }
            Progress.show(number + 1, of: images.count)
        }
        Progress.clear()
        guard scores.imageCount > 0 else {
            throw UsageError("no image with a true box has a finding: there is nothing to explain")
        }
        Console.out(scores.table + "\n" + scores.rules.map { $0 + "\n" }.joined())
        if checked > 0 {
            Console.out(
                "\nLikeness (Spearman, \(checked) images) to the trained network's map while weights are shuffled, one more part "
                    + "at a time; near 0 is sane:\n\n" + check.table)
        }
        let metrics = scores.metrics + (checked > 0 ? check.metrics : [])
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
