import Tensors

extension DetectorNetwork {
    /// At most this many boxes are reported.
    static let maximumBoxes = 32

    /// Boxes of the readout that ships, with calibrated scores of at least `threshold`, by falling score.
    func detections(_ output: Output, threshold: Float) -> Detections {
        let candidates: [Detection]
        if let queries = output.queries {
            candidates = scored(queries.logits.value.elements, queries.boxes, quality: nil)
        } else {
            candidates = scored(
                output.proposals.logits.value.elements, output.proposals.boxes, quality: output.proposals.quality)
        }
        let sorted = candidates.filter { $0.score >= threshold }
            .sorted { ($1.score, $0.source) < ($0.score, $1.source) }
        let kept = output.queries == nil ? suppressed(sorted) : sorted
        return Detections(
            boxes: Array(kept.prefix(Self.maximumBoxes)), abnormality: logistic(output.abnormalityLogit))
    }

    /// With an IoU logit, a class's probability is the geometric mean of class and IoU before calibration.
    private func scored(_ logits: [Float], _ boxes: [Box], quality: [Float]?) -> [Detection] {
        let classes = configuration.classes.count
        let calibration = configuration.calibration
        return boxes.enumerated().map { source, box in
            let probabilities = (0..<classes).map { classIndex in
                var z = logits[source * classes + classIndex]
                if let quality { z = logit(logProbability: 0.5 * (logSigmoid(z) + logSigmoid(quality[source]))) }
                return logistic(z / calibration.temperature + calibration.bias)
            }
            let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] }!
            let inside = box.clamped(to: Float(configuration.inputSize))
            return Detection(
                x0: inside.x0, y0: inside.y0, x1: inside.x1, y1: inside.y1, classIndex: best,
                score: probabilities[best], probabilities: probabilities, source: source)
        }
    }

    /// Greedy non-maximum suppression across classes of boxes sorted by falling score.
    private func suppressed(_ sorted: [Detection]) -> [Detection] {
        var kept: [Detection] = []
        for candidate in sorted where kept.count < Self.maximumBoxes {
            if kept.allSatisfy({ $0.box.overlap(candidate.box) <= configuration.suppressionIoU }) {
                kept.append(candidate)
            }
        }
        return kept
    }
}

extension Detection {
    var box: Box { Box(x0: x0, y0: y0, x1: x1, y1: y1) }
}
