#if canImport(Glibc)
    import Glibc
#endif

/// `sigmoid(logit / temperature + bias)`: one number, or two, that make scores mean what they say (Platt 1999; Guo et al.
/// 2017).
public struct TemperatureScaling: Sendable, Hashable {
    public var temperature: Double
    public var bias: Double

    public init(temperature: Double, bias: Double) {
        self.temperature = temperature
        self.bias = bias
    }

    /// The greatest likelihood of the labels.
    ///
    /// - Parameter labels: scores in [0, 1]; 0 and 1 are taken as 1e-7 and 1 - 1e-7.
    /// - Returns: nil unless there are positives and negatives, or when higher scores are hits less often.
    public init?(fitting labels: [ScoredLabel]) {
        guard labels.contains(where: \.isPositive), labels.contains(where: { !$0.isPositive }) else { return nil }
        let fit = LogisticFit(labels.map { (z: logit($0.score), y: $0.isPositive, weight: 1) }, ridge: 1e-6)
        guard fit.slope > 0, fit.slope.isFinite, fit.bias.isFinite else { return nil }
        (temperature, bias) = (1 / fit.slope, fit.bias)
    }

    public func scaled(_ score: Double) -> Double { 1 / (1 + exp(-(logit(score) / temperature + bias))) }

    /// Scores of each half scaled as fitted on the other half, so that the calibration error is not that of the data that
    /// it was fitted to.
    ///
    /// - Parameter halves: whether a label belongs to the second half; split by image or patient.
    /// - Returns: nil when either half has no positives or no negatives.
    public static func crossFitted(_ labels: [ScoredLabel], halves: [Bool]) -> [ScoredLabel]? {
        precondition(labels.count == halves.count, "each label needs a half")
        func half(_ second: Bool) -> [ScoredLabel] { zip(labels, halves).filter { $0.1 == second }.map(\.0) }
        guard let first = TemperatureScaling(fitting: half(false)), let second = TemperatureScaling(fitting: half(true))
        else { return nil }
        return zip(labels, halves).map { label, isSecond in
            ScoredLabel(score: (isSecond ? first : second).scaled(label.score), isPositive: label.isPositive)
        }
    }
}

private func logit(_ score: Double) -> Double {
    let p = min(max(score, 1e-7), 1 - 1e-7)
    return log(p / (1 - p))
}
