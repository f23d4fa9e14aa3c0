import CKernels
import Volumes

/// Percentiles of values, exactly as numpy's default method 'linear' defines them: rank `h = (n - 1) q / 100`,
/// interpolated between the neighbours in sorted order.
///
/// - Parameter percents: each in [0, 100].
/// - Throws: `TransformError` when there are no values or one is NaN or infinite.
public func percentiles(_ percents: [Double], of values: [Float]) throws(TransformError) -> [Double] {
    try Sample(.floats(values)).percentiles(percents)
}

/// Values by rank (0 is the least). `ranks` must be sorted.
///
/// By two histograms of 65,536 bins over order-preserving bit patterns: linear in time, exact for every Float32, no sorting
/// and no copy.
func select(_ ranks: [Int], in values: [Float]) -> [Int: Float] {
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

/// Values by rank among ascending values that occur several times each. `ranks` must be sorted.
func select(_ ranks: [Int], among ascending: [(value: Float, count: Int)]) -> [Int: Float] {
    var result: [Int: Float] = [:]
    var (index, before) = (0, 0)
    for rank in ranks {
        while before + ascending[index].count <= rank {
            before += ascending[index].count
            index += 1
        }
        result[rank] = ascending[index].value
    }
    return result
}
