import Networks
import Stages
import Training

/// How alike maps stay while the network's weights lose their meaning, part by part from the output (Adebayo et al. 2018).
struct RandomizationCheck {
    let subjects: [ExplanationScores.Subject]
    /// Rows: no part, then one more part each.
    let parts: [String]
    private let count: Int
    private var sums: [ExplanationScores.Subject: [Double]] = [:]

    /// - Parameter findings: what the maps explain; each map is made once more for each part of the network.
    init(
        of findings: [BestFinding], directory: String, detector: Detector, subjects: [ExplanationScores.Subject]
    ) throws {
        let cascade = try CascadingRandomization(directory: directory)
        parts = cascade.parts
        count = findings.count
        self.subjects = subjects.filter { if case .method = $0 { true } else { $0 == .objectness } }
        func maps(_ subject: ExplanationScores.Subject, _ detector: Detector) throws -> [[Double]] {
            try findings.map { try subject.map($0, with: detector, seed: 1).values.map(Double.init) }
        }
        var original: [ExplanationScores.Subject: [[Double]]] = [:]
        for subject in self.subjects { original[subject] = try maps(subject, detector) }
        // One such network at a time: there are some thirty parts.
        for index in parts.indices {
            let shuffled = try cascade.detector(shuffling: index + 1)
            for (subject, before) in original {
                // A map without any value is unlike every other.
                let likeness = zip(before, try maps(subject, shuffled)).map { rankCorrelation($0, $1) ?? 0 }
                sums[subject, default: []].append(likeness.reduce(0, +))
            }
            Progress.show(index + 1, of: parts.count)
        }
        Progress.clear()
    }

    /// Mean Spearman correlation with the map of the trained network, by the number of parts that were shuffled.
    var table: String {
        var text =
            "| map | " + parts.joined(separator: " | ") + " |\n| --- |" + parts.map { _ in " --- |" }.joined() + "\n"
        for subject in subjects {
            let row = (sums[subject] ?? []).map { digits($0 / Double(count)) }
            text += "| \(subject.title) | " + row.joined(separator: " | ") + " |\n"
        }
        return text
    }

    var metrics: [EvaluatedMetric] {
        subjects.flatMap { subject in
            zip(parts, sums[subject] ?? []).map { part, sum in
                EvaluatedMetric(
                    name: "\(subject.title): likeness with weights shuffled down to \(part)",
                    value: sum / Double(count))
            }
        }
    }
}
