import Foundation
import Pipelines
import Training

/// The numbers of an evaluation as a table for people and model cards, and as JSON.
struct EvaluationReport {
    let title: String
    let metrics: EvaluationMetrics
    /// Beside the model's: of its explanations, of a comparison with another detector.
    var further: [EvaluatedMetric] = []

    private var all: [EvaluatedMetric] { metrics.metrics + further }

    /// What the numbers mean, in the order in which readers ask.
    var rules: [String] {
        let unplaced = metrics.results.count - metrics.located.count
        let (unit, units) = (metrics.unit.rawValue, Set(metrics.units).count)
        return [
            "A found box hits the free true box that it overlaps most, by falling score, if IoU is at least 0.5 (0.4 where it says so); AP is COCO's 101-point one, of at most 100 boxes an image with a score of at least 0.001.",
            units > 1
                ? "Intervals hold 95 % of 500 bootstrap samples over \(unit)s (\(units) of them); that of the area under ROC is DeLong's."
                : "A bootstrap needs at least two \(unit)s, and there is \(units): no intervals but DeLong's of the area under ROC.",
            "Calibration error in ten equal bins over all boxes with a score of at least 0.02.",
        ] + (unplaced == 0 ? [] : ["Images with findings and no box count for scores of images only: \(unplaced)."])
    }

    /// A table in Markdown, padded so that it reads well as it is.
    var table: String {
        let rows =
            [("metric", "value", "95 % interval")]
            + all.map { metric in
                (
                    metric.name, metric.value.map(digits) ?? "-",
                    metric.interval.map { "[\(digits($0.low)), \(digits($0.high))]" } ?? "-"
                )
            }
        let width = rows.map(\.0.count).max() ?? 0
        func line(_ row: (String, String, String)) -> String {
            "| \(padded(row.0, width)) | \(padded(row.1, 7)) | \(padded(row.2, 16)) |\n"
        }
        let rule = "| \(String(repeating: "-", count: width)) | ------- | ---------------- |\n"
        return line(rows[0]) + rule + rows.dropFirst().map(line).joined()
    }

    func json(_ origin: [JSONValue.Member]) -> JSONValue {
        var json: JSONValue = .object(origin)
        json.set("notice", "Research software. Not for clinical use.")
        json.set("rules", .array(rules.map { .string($0) }))
        json.set(
            "metrics",
            .object(
                all.map { metric in
                    .init(
                        metric.name,
                        [
                            "value": metric.value.map { .number($0) } ?? .null,
                            "interval95": metric.interval.map { [.number($0.low), .number($0.high)] } ?? .null,
                        ])
                }))
        json.set(
            "froc",
            .array(
                (FROC(metrics.matches)?.points ?? []).map {
                    [.number(Double($0.threshold)), .number($0.falsePositivesPerImage), .number($0.sensitivity)]
                }))
        json.set(
            "reliability",
            .object(
                metrics.calibrations.map { name, labels in
                    .init(
                        name,
                        .array(
                            reliability(labels).map {
                                [.integer($0.count), .number($0.meanScore), .number($0.positiveShare)]
                            }))
                }))
        return json
    }
}

func digits(_ value: Double) -> String { String(format: "%.3f", value) }

private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 0))
}
