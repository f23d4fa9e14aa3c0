import Networks
import Pipelines
import Training

/// The numbers of an evaluation, as a table for people and as JSON.
struct EvaluationReport {
    private struct Metric {
        var name: String
        var value: Double?
        var interval: Interval?
    }

    private let metrics: [Metric]

    /// - Parameter threshold: the model's recommended one; "at threshold" metrics use it.
    init(results: [EvaluatedImage], classes: [String], threshold: Float) {
        let images = results.map(\.result)
        var metrics: [Metric] = []
        func add(_ name: String, samples: Int = 300, _ measure: ([ImageResult]) -> Double?) {
            metrics.append(
                Metric(
                    name: name, value: measure(images),
                    interval: samples > 0 ? bootstrapInterval(images, samples: samples, metric: measure) : nil))
        }
        add("AP50, classes ignored") { averagePrecision(Matches($0, iou: 0.5)) }
        add("AP40, classes ignored") { averagePrecision(Matches($0, iou: 0.4)) }
        add("mAP50 over classes") { meanAveragePrecision($0, labels: classes, iou: 0.5) }
        for name in classes { add("  AP50 \(name)") { averagePrecision(Matches($0, iou: 0.5, label: name)) } }
        add("mAP50:95 over classes", samples: 0) { cocoMeanAveragePrecision($0, labels: classes) }
        for limit in [0.125, 0.36, 1] {
            add("sensitivity at \(limit) false positives per image") {
                FROC(Matches($0, iou: 0.5))?.sensitivity(atFalsePositivesPerImage: limit)
            }
        }
        let kept = { (images: [ImageResult]) in
            Matches(
                images.map { ImageResult(found: $0.found.filter { $0.score >= threshold }, truth: $0.truth) }, iou: 0.5)
        }
        add("sensitivity at threshold \(threshold)") { images in
            let matches = kept(images)
            return matches.truthCount == 0
                ? nil : Double(matches.boxes.count(where: \.isHit)) / Double(matches.truthCount)
        }
        add("false positives per image at threshold") { images in
            let matches = kept(images)
            return Double(matches.boxes.count { !$0.isHit }) / Double(matches.imageCount)
        }
        add("spatial concordance (IoU > 0.3)") { spatialConcordance($0, threshold: threshold) }
        let boxes = Matches(images, iou: 0.5).boxes.map { ScoredLabel(score: Double($0.score), isPositive: $0.isHit) }
        metrics.append(Metric(name: "expected calibration error of box scores", value: expectedCalibrationError(boxes)))

        let labels = results.map { ScoredLabel(score: $0.abnormality, isPositive: $0.isAbnormal) }
        func addImage(_ name: String, _ measure: ([ScoredLabel]) -> Double?) {
            metrics.append(
                Metric(
                    name: name, value: measure(labels),
                    interval: bootstrapInterval(labels, samples: 300, metric: measure)))
        }
        addImage("image score: area under ROC") { areaUnderROC($0) }
        addImage("image score: sensitivity at 0.5") { sensitivity($0, threshold: 0.5) }
        addImage("image score: specificity at 0.5") { specificity($0, threshold: 0.5) }

        for method in ExplanationMethod.allCases {
            let audits = results.compactMap { $0.explanations[method] }
            guard !audits.isEmpty else { continue }
            let count = Double(audits.count)
            metrics.append(
                Metric(
                    name: "\(method.rawValue): peak in a true box", value: Double(audits.count(where: \.isHit)) / count)
            )
            metrics.append(
                Metric(
                    name: "\(method.rawValue): energy in true boxes", value: audits.reduce(0) { $0 + $1.energy } / count
                ))
        }
        self.metrics = metrics
    }

    var table: String {
        let width = metrics.map(\.name.count).max() ?? 0
        return metrics.map { metric in
            let padding = String(repeating: " ", count: width - metric.name.count + 2)
            let interval = metric.interval.map { "  [\(digits($0.low)), \(digits($0.high))]" } ?? ""
            return "  \(metric.name)\(padding)\(metric.value.map(digits) ?? "-")\(interval)\n"
        }.joined()
    }

    var json: JSONValue {
        [
            "metrics": .object(
                metrics.map { metric in
                    .init(
                        metric.name.trimmed,
                        [
                            "value": metric.value.map { .number($0) } ?? .null,
                            "interval95": metric.interval.map { [.number($0.low), .number($0.high)] } ?? .null,
                        ])
                })
        ]
    }

    private func digits(_ value: Double) -> String {
        let thousandths = Int((abs(value) * 1000).rounded())
        let fraction = String(thousandths % 1000)
        return (value < 0 ? "-" : "") + "\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count)
            + fraction
    }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
