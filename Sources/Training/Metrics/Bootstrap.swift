/// An interval of a metric over resampled images.
public struct Interval: Sendable, Hashable {
    public var low: Double
    public var high: Double
}

/// The percentile bootstrap (Efron 1979): the metric on samples drawn with replacement, seeded.
///
/// Draw whole images, or whole patients where several images share one: boxes of one image are not independent.
/// - Parameters:
///   - level: the share of samples inside, 0.95 for a 95 % interval.
///   - metric: nil for a sample on which it has no value; such samples are left out.
/// - Returns: nil without samples that have a value.
public func bootstrapInterval<Item>(
    _ items: [Item], samples: Int = 1000, level: Double = 0.95, seed: UInt64 = 1, metric: ([Item]) -> Double?
) -> Interval? {
    guard !items.isEmpty else { return nil }
    var numbers = SplitMix64(state: seed)
    let values = (0..<samples).compactMap { _ in
        metric(items.indices.map { _ in items[Int.random(in: items.indices, using: &numbers)] })
    }
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let tail = (1 - level) / 2
    return Interval(low: quantile(sorted, tail), high: quantile(sorted, 1 - tail))
}

/// Linear between ranks, as numpy's default.
private func quantile(_ sorted: [Double], _ q: Double) -> Double {
    let place = q * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
}

/// A small generator with a seed (Steele, Lea and Flood 2014), so that an interval can be had again.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
