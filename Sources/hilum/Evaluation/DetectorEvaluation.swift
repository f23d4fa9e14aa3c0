import Networks
import Pipelines
import Stages
import Training
import Volumes

/// What a detector said of one image of a data set, beside the truth. Boxes are in pixels of the file.
struct EvaluatedImage {
    var result: ImageResult
    var abnormality: Double
    var isAbnormal: Bool
    /// For each method whether the map of the best box peaks in a true box, and its share of energy there.
    var explanations: [ExplanationMethod: (isHit: Bool, energy: Double)] = [:]
}

/// Runs images through the stages of the shipped pipeline, so that what is measured is what users get.
struct DetectorEvaluation {
    let model: String
    let classes: [String]

    /// Boxes below this score are too many to matter to any metric.
    private static let floor = 0.02

    func evaluate(_ row: IndexCSV.Row, in folder: String, explaining: Bool) throws -> EvaluatedImage {
        var item = try Item(reading: "\(folder)/\(row.image)")
        try pipeline().run(&item, named: row.image, seed: 0)
        let found = (item.findings?.findings ?? []).map { finding in
            ScoredBox(box: labelled(finding.keyBox, finding.label, item), score: Float(finding.score))
        }
        var evaluated = EvaluatedImage(
            result: ImageResult(found: found, truth: row.boxes), abnormality: item.findings?.abnormality ?? 0,
            isAbnormal: !row.boxes.isEmpty)
        guard explaining, !row.boxes.isEmpty, !found.isEmpty else { return evaluated }
        for method in ExplanationMethod.allCases {
            var copy = item
            copy.heatmaps = []
            try pipeline(explainedBy: method).run(&copy, named: row.image, seed: 0)
            if let map = copy.heatmaps.first { evaluated.explanations[method] = audit(map, row.boxes, copy) }
        }
        return evaluated
    }

    private func pipeline(explainedBy method: ExplanationMethod? = nil) throws -> Pipeline<Item> {
        let stages =
            method.map { "[explain: { method: \($0.rawValue), maxFindings: 1 }]" }
            ?? "[rescale, reorient, normalize, resize: { keepAspect: true }, detect: { threshold: \(Self.floor), maxFindings: 100 }]"
        let registry = Registry.hilum
        // Maps are measured on findings that were made before: the chain is complete, though not in one file.
        let known = Registry(
            stages: registry.stages, outputs: registry.outputs, formats: registry.formats,
            initialKinds: method == nil ? [.image] : [.image, .normalized, .findings])
        let settings = method == nil ? [try Setting("stages.detect.model=\(model)")] : []
        return try Pipeline.parse(
            "stages: \(stages)\noutputs: { findings: json }\n", name: "evaluation", settings: settings, registry: known)
    }

    /// A box of the prepared image in pixels of the file.
    private func labelled(_ box: Box, _ label: String, _ item: Item) -> LabelledBox {
        let box = box.mapped(from: item.volume.geometry, to: item.source.geometry) ?? box
        return LabelledBox(
            x0: Float(box.lower.x), y0: Float(box.lower.y), x1: Float(box.upper.x), y1: Float(box.upper.y), label: label
        )
    }

    private func audit(_ map: Heatmap, _ truth: [LabelledBox], _ item: Item) -> (isHit: Bool, energy: Double) {
        let extent = map.extent.mapped(from: item.volume.geometry, to: item.source.geometry) ?? map.extent
        var (inside, total, peak, isHit) = (0.0, 0.0, -1.0, false)
        for row in 0..<map.height {
            for column in 0..<map.width {
                let value = Double(map.values[row * map.width + column])
                let x = extent.lower.x + (Double(column) + 0.5) / Double(map.width) * extent.size.x
                let y = extent.lower.y + (Double(row) + 0.5) / Double(map.height) * extent.size.y
                let isInside = truth.contains { box in
                    (Double(box.x0)...Double(box.x1)).contains(x) && (Double(box.y0)...Double(box.y1)).contains(y)
                }
                total += value
                if isInside { inside += value }
                if value > peak { (peak, isHit) = (value, isInside) }
            }
        }
        return (isHit, total > 0 ? inside / total : 0)
    }
}
