import Training

/// Which true boxes only one of two detectors found at a threshold, on the same images.
func compared(_ results: [ImageResult], with other: [ImageResult], threshold: Double) -> [EvaluatedMetric] {
    func found(_ results: [ImageResult]) -> [Bool] {
        Matches(results, iou: 0.5).truths.map { ($0.score ?? -1) >= threshold }
    }
    let test = McNemar(found(results), found(other))
    return [
        EvaluatedMetric(name: "McNemar: true boxes found only here", value: Double(test.onlyFirst)),
        EvaluatedMetric(name: "McNemar: true boxes found only by the other", value: Double(test.onlySecond)),
        EvaluatedMetric(name: "McNemar: exact p", value: test.exactP),
        EvaluatedMetric(name: "McNemar: p with continuity correction", value: test.correctedP),
    ]
}
