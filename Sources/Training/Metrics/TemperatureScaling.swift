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

    /// The greatest likelihood of the labels, by Newton's method on 1 / temperature and bias.
    ///
    /// - Parameter labels: scores in [0, 1]; 0 and 1 are taken as 1e-7 and 1 - 1e-7.
    /// - Returns: nil unless there are positives and negatives, or when higher scores are hits less often.
    public init?(fitting labels: [ScoredLabel]) {
        guard labels.contains(where: \.isPositive), labels.contains(where: { !$0.isPositive }) else { return nil }
        let points = labels.map { (z: logit($0.score), y: $0.isPositive ? 1.0 : 0.0) }
        var (slope, shift) = (1.0, 0.0)
        func loss(_ slope: Double, _ shift: Double) -> Double {
            points.reduce(0) { sum, point in
                let x = slope * point.z + shift
                return sum + max(x, 0) - x * point.y + log1p(exp(-abs(x)))
            }
        }
        var before = loss(slope, shift)
        for _ in 0..<100 {
            // A little ridge keeps separable labels from running to infinity.
            var (g0, g1, h00, h01, h11) = (0.0, 0.0, 1e-6, 0.0, 1e-6)
            for point in points {
                let p = 1 / (1 + exp(-(slope * point.z + shift)))
                let (error, weight) = (p - point.y, p * (1 - p))
                g0 += error * point.z
                g1 += error
                h00 += weight * point.z * point.z
                h01 += weight * point.z
                h11 += weight
            }
            let determinant = h00 * h11 - h01 * h01
            guard determinant > 0 else { break }
            let step = ((h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant)
            var scale = 1.0
            var after = loss(slope - step.0, shift - step.1)
            while !(after <= before), scale > 1e-6 {
                scale /= 2
                after = loss(slope - scale * step.0, shift - scale * step.1)
            }
            guard after <= before else { break }
            (slope, shift) = (slope - scale * step.0, shift - scale * step.1)
            if before - after < 1e-12 * Double(points.count) { break }
            before = after
        }
        guard slope > 0, slope.isFinite, shift.isFinite else { return nil }
        (temperature, bias) = (1 / slope, shift)
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
