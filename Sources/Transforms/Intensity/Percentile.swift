import CKernels
import Volumes

/// Percentiles of values, exactly as numpy's default method 'linear' defines them: rank `h = (n - 1) q / 100`,
/// interpolated between the neighbours in sorted order.
///
/// Selection goes by two histograms of 65,536 bins over order-preserving bit patterns: linear in time, exact for
/// every Float32, no sorting and no copy.
///
/// - Parameter percents: each in [0, 100].
/// - Throws: `TransformError` when there are no values or one is NaN or infinite.
public func percentiles(_ percents: [Double], of values: [Float]) throws(TransformError) -> [Double] {
    try percentiles(percents, of: .floats(values))
}

/// The same of voxels; for words by counting how often each occurs.
func percentiles(_ percents: [Double], of voxels: Voxels) throws(TransformError) -> [Double] {
    let total = voxels.count
    guard total > 0 else { throw TransformError(.missingInformation, "no values to take percentiles of") }
    _ = try Moments(voxels)
    let ranks = percents.map { Double(total - 1) * $0 / 100 }
    let needed = Set(ranks.flatMap { [Int($0), min(Int($0) + 1, total - 1)] }).sorted()
    let selected = voxels.occurring.map { select(needed, among: $0) } ?? select(needed, in: voxels.floats)
    return ranks.map { rank in
        let below = Double(selected[Int(rank)] ?? 0)
        let above = Double(selected[min(Int(rank) + 1, total - 1)] ?? 0)
        let fraction = rank - rank.rounded(.down)
        // numpy's _lerp: from the nearer end, so that both ends are met exactly.
        return fraction < 0.5
            ? below + (above - below) * fraction : above - (above - below) * (1 - fraction)
    }
}

/// Values by rank (0 is the least). `ranks` must be sorted.
private func select(_ ranks: [Int], in values: [Float]) -> [Int: Float] {
    var high = [UInt32](repeating: 0, count: 65536)
    hk_histogram_high(values, values.count, &high)
    var result: [Int: Float] = [:]
    var (bin, before) = (0, 0)
    var low: [UInt32] = []
    var lowBin = -1
    for rank in ranks {
        while before + Int(high[bin]) <= rank {
            before += Int(high[bin])
            bin += 1
        }
        if lowBin != bin {
            low = [UInt32](repeating: 0, count: 65536)
            hk_histogram_low(values, values.count, UInt32(bin), &low)
            lowBin = bin
        }
        var (inner, remaining) = (0, rank - before)
        while remaining >= Int(low[inner]) {
            remaining -= Int(low[inner])
            inner += 1
        }
        let key = UInt32(bin) << 16 | UInt32(inner)
        result[rank] = Float(bitPattern: key & 0x8000_0000 != 0 ? key & 0x7fff_ffff : ~key)
    }
    return result
}

/// Values by rank among values that occur several times each. `ranks` must be sorted.
private func select(_ ranks: [Int], among occurring: [(value: Float, count: Int)]) -> [Int: Float] {
    let sorted = occurring.sorted { $0.value < $1.value }
    var result: [Int: Float] = [:]
    var (index, before) = (0, 0)
    for rank in ranks {
        while before + sorted[index].count <= rank {
            before += sorted[index].count
            index += 1
        }
        result[rank] = sorted[index].value
    }
    return result
}
