/// One bin of a reliability diagram.
public struct ReliabilityBin: Sendable, Hashable {
    public var count: Int
    public var meanScore: Double
    public var positiveShare: Double
}

/// Equal bins of scores in [0, 1]; a score on an edge belongs below it, as in scikit-learn. Empty bins have no mean and are
/// left out.
public func reliability(_ labels: [ScoredLabel], bins: Int = 10) -> [ReliabilityBin] {
    precondition(bins > 0, "a reliability diagram needs a bin")
    let edges = (1..<bins).map { Double($0) * (1 / Double(bins)) }
    let groups = Dictionary(grouping: labels) { label in edges.count { $0 < label.score } }
    return groups.sorted { $0.key < $1.key }.map { _, group in
        ReliabilityBin(
            count: group.count, meanScore: group.reduce(0) { $0 + $1.score } / Double(group.count),
            positiveShare: Double(group.count(where: \.isPositive)) / Double(group.count))
    }
}

/// Expected calibration error (Naeini et al. 2015): the mean distance of score from truth over bins; nil without labels.
public func expectedCalibrationError(_ labels: [ScoredLabel], bins: Int = 10) -> Double? {
    guard !labels.isEmpty else { return nil }
    return reliability(labels, bins: bins).reduce(0) {
        $0 + Double($1.count) / Double(labels.count) * abs($1.meanScore - $1.positiveShare)
    }
}
