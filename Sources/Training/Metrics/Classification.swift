/// A score and whether the image is truly positive.
public struct ScoredLabel: Sendable, Hashable {
    public var score: Double
    public var isPositive: Bool

    public init(score: Double, isPositive: Bool) {
        self.score = score
        self.isPositive = isPositive
    }
}

/// The share of positives with a score of at least the threshold; nil without positives.
public func sensitivity(_ labels: [ScoredLabel], threshold: Double) -> Double? {
    share(labels.filter(\.isPositive)) { $0.score >= threshold }
}

/// The share of negatives with a score below the threshold; nil without negatives.
public func specificity(_ labels: [ScoredLabel], threshold: Double) -> Double? {
    share(labels.filter { !$0.isPositive }) { $0.score < threshold }
}

/// The area under the ROC curve: the chance that a positive scores above a negative, ties counting half (Mann-Whitney).
/// nil unless there are both.
public func areaUnderROC(_ labels: [ScoredLabel]) -> Double? {
    let sorted = labels.sorted { $0.score < $1.score }
    let positives = labels.count(where: \.isPositive)
    let negatives = labels.count - positives
    guard positives > 0, negatives > 0 else { return nil }
    var rankSum = 0.0
    var start = 0
    while start < sorted.count {
        var end = start
        while end < sorted.count, sorted[end].score == sorted[start].score { end += 1 }
        let meanRank = Double(start + 1 + end) / 2
        rankSum += meanRank * Double(sorted[start..<end].count(where: \.isPositive))
        start = end
    }
    let pairs = Double(positives) * Double(negatives)
    return (rankSum - Double(positives) * Double(positives + 1) / 2) / pairs
}

private func share<Element>(_ values: [Element], where condition: (Element) -> Bool) -> Double? {
    values.isEmpty ? nil : Double(values.count(where: condition)) / Double(values.count)
}
