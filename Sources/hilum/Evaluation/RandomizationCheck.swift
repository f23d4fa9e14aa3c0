import Networks
import Stages
import Training

/// How alike maps stay while the network's weights lose their meaning, part by part from the output (Adebayo et al. 2018).
struct RandomizationCheck {
    let subjects: [ExplanationScores.Subject]
    /// Rows: no part, then one more part each.
    let parts: [String]
    private let detectors: [Detector]
    private let original: Detector
    private var sums: [ExplanationScores.Subject: [Double]] = [:]
    private var count = 0

    init(directory: String, detector: Detector, subjects: [ExplanationScores.Subject]) throws {
        let cascade = try CascadingRandomization(directory: directory)
        parts = cascade.parts
        self.subjects = subjects.filter { if case .method = $0 { true } else { $0 == .objectness } }
        original = detector
        detectors = try parts.indices.map { try cascade.detector(shuffling: $0 + 1) }
    }

    mutating func add(_ best: BestFinding, _ scores: ExplanationScores) throws {
        count += 1
        let none = [Double](repeating: 0, count: parts.count)
        for subject in subjects {
            let before = try scores.map(subject, best, with: original, seed: 1).values.map(Double.init)
            for (index, detector) in detectors.enumerated() {
                let after = try scores.map(subject, best, with: detector, seed: 1).values.map(Double.init)
                // A map without any value is unlike every other.
                let likeness = rankCorrelation(before, after) ?? 0
                sums[subject, default: none][index] += likeness
            }
        }
    }

    /// Mean Spearman correlation with the map of the trained network, by the number of parts that were shuffled.
    var table: String {
        var text =
            "| map | " + parts.joined(separator: " | ") + " |\n| --- |" + parts.map { _ in " --- |" }.joined() + "\n"
        for subject in subjects {
            let row = (sums[subject] ?? []).map { digits($0 / Double(max(count, 1))) }
            text += "| \(subject.title) | " + row.joined(separator: " | ") + " |\n"
        }
        return text
    }

    var metrics: [EvaluatedMetric] {
        subjects.flatMap { subject in
            zip(parts, sums[subject] ?? []).map { part, sum in
                EvaluatedMetric(
                    name: "\(subject.title): likeness with weights shuffled down to \(part)",
                    value: sum / Double(max(count, 1)))
            }
        }
    }
}
