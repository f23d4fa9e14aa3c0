/// How often values occur, in bins of one width between the 0.1 and 99.9 percentiles; what lies beyond is in the outermost.
struct Histogram: Sendable {
    static let binCount = 64

    let range: ClosedRange<Float>
    let counts: [Int]
    private let sorted: [Float]

    /// - Parameter sorted: ascending and finite.
    init(sorted: [Float]) {
        self.sorted = sorted
        let low = Self.percentile(0.1, of: sorted)
        let high = Self.percentile(99.9, of: sorted)
        range = low...max(low, high)
        var counts = [Int](repeating: 0, count: Self.binCount)
        let scale = high > low ? Float(Self.binCount) / (high - low) : 0
        for value in sorted {
            counts[min(max(Int(((value - low) * scale).clamped), 0), Self.binCount - 1)] += 1
        }
        self.counts = counts
    }

    /// The value below which this many percent of the values lie, the nearest that occurs; 0 where there is none.
    func percentile(_ percent: Double) -> Float { Self.percentile(percent, of: sorted) }

    private static func percentile(_ percent: Double, of sorted: [Float]) -> Float {
        guard !sorted.isEmpty else { return 0 }
        return sorted[Int((Double(sorted.count - 1) * percent / 100).rounded())]
    }
}

extension Float {
    /// Within what `Int` holds, whatever the overflow before.
    fileprivate var clamped: Float { isNaN ? 0 : Swift.min(Swift.max(self, -1e9), 1e9) }
}
