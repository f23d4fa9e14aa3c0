import Networks

/// An interval of a metric over resampled images.
public struct Interval: Sendable, Hashable {
    public var low: Double
    public var high: Double

    public init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }
}

/// The percentile bootstrap (Efron 1979): the metric on samples drawn with replacement, seeded.
///
/// Whole images are drawn, or whole patients where several images share one: boxes of one image are not independent, nor are
/// neighbouring slices of one patient.
/// - Parameters:
///   - units: for each image the unit that it is drawn with, 0 ..; all different for a bootstrap over images.
///   - level: the share of samples inside, 0.95 for a 95 % interval.
///   - metric: of a sample in which each image occurs so many times; nil when it has no value, and is then left out.
/// - Returns: nil for fewer than two units, of which each sample is the same, and without samples that have a value.
public func bootstrapInterval(
    units: [Int], samples: Int = 1000, level: Double = 0.95, seed: UInt64 = 1, metric: ([Int]) -> Double?
) -> Interval? {
    guard let last = units.max(), last > 0 else { return nil }
    var numbers = SplitMix64(state: seed)
    var values: [Double] = []
    for _ in 0..<samples {
        var drawn = [Int](repeating: 0, count: last + 1)
        for _ in 0...last { drawn[Int.random(in: 0...last, using: &numbers)] += 1 }
        if let value = metric(units.map { drawn[$0] }) { values.append(value) }
    }
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let tail = (1 - level) / 2
    return Interval(low: quantile(sorted, tail), high: quantile(sorted, 1 - tail))
}

/// Linear between ranks, as numpy's default.
func quantile(_ sorted: [Double], _ q: Double) -> Double {
    let place = q * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
}
