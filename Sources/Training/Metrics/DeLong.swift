/// The area under the ROC curve with its standard error (DeLong et al. 1988, computed from ranks as in Sun and Xu 2014).
public struct DeLong: Sendable, Hashable {
    public var area: Double
    public var standardError: Double

    /// Nil unless there are two positives and two negatives at least.
    public init?(_ labels: [ScoredLabel]) {
        let positives = labels.filter(\.isPositive).map(\.score)
        let negatives = labels.filter { !$0.isPositive }.map(\.score)
        guard positives.count > 1, negatives.count > 1 else { return nil }
        let all = midranks(positives + negatives)
        let (own, other) = (midranks(positives), midranks(negatives))
        let (m, n) = (Double(positives.count), Double(negatives.count))
        // For each positive the share of negatives below it, for each negative the share of positives above it.
        let above = positives.indices.map { (all[$0] - own[$0]) / n }
        let below = negatives.indices.map { 1 - (all[positives.count + $0] - other[$0]) / m }
        area = above.reduce(0, +) / m
        standardError = (variance(above) / m + variance(below) / n).squareRoot()
    }

    /// The 95 % interval of the normal approximation, cut at 0 and 1.
    public var interval: Interval {
        Interval(
            low: max(area - 1.959_963_984_540_054 * standardError, 0),
            high: min(area + 1.959_963_984_540_054 * standardError, 1))
    }
}

/// Ranks from 1; equal values share the mean of theirs.
func midranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
        var end = start
        while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
        for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
        start = end
    }
    return ranks
}

private func variance(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
}
