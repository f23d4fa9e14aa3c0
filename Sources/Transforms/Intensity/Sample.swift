import CKernels
import Volumes

/// The values that statistics are taken of: all of an image's, or those where a mask is not 0. Words are counted once,
/// whatever is asked of them.
struct Sample {
    private enum Content {
        /// Ascending, with how often each occurs.
        case counted([(value: Float, count: Int)])
        case values([Float])
    }

    private let content: Content
    /// How many values there are; at least 1.
    let count: Int
    let least: Float
    let greatest: Float
    let mean: Double

    /// - Parameter set: one byte a voxel, 0 for those that are left out, for each channel alike; nil takes all.
    /// - Throws: `TransformError` when a value is NaN or infinite, telling how many are, or when there is none.
    init(_ voxels: Voxels, in set: [UInt8]? = nil) throws(TransformError) {
        let bad: Int
        var (least, greatest, sum): (Float, Float, Double) = (.infinity, -.infinity, 0)
        switch voxels {
        case .words(let words, let values):
            var occurring: [(value: Float, count: Int)] = []
            for (word, count) in Self.counts(words, set).enumerated() where count > 0 {
                occurring.append((values.table[word], Int(count)))
            }
            bad = occurring.reduce(0) { $0 + ($1.value.isFinite ? 0 : $1.count) }
            occurring.sort { $0.value < $1.value }
            content = .counted(occurring)
            count = occurring.reduce(0) { $0 + $1.count }
            for (value, count) in occurring where value.isFinite {
                (least, greatest) = (min(least, value), max(greatest, value))
                sum += Double(value) * Double(count)
            }
        case .deferred, .floats:
            let values = voxels.floats
            let chosen = set.map { Self.gathered(values, $0) } ?? values
            bad = hk_extent(chosen, chosen.count, &least, &greatest, &sum)
            content = .values(chosen)
            count = chosen.count
        }
        guard bad == 0 else {
            throw TransformError(.notFinite, "\(bad) voxels are NaN or infinite; mask or replace them first")
        }
        guard count > 0 else { throw TransformError(.missingInformation, "there are no values to measure") }
        (self.least, self.greatest, mean) = (least, greatest, sum / Double(count))
    }

    /// Population standard deviation.
    var deviation: Double {
        let squares =
            switch content {
            case .counted(let occurring):
                occurring.reduce(0) {
                    $0 + (Double($1.value) - mean) * (Double($1.value) - mean) * Double($1.count)
                }
            case .values(let values): hk_squared_deviation(values, values.count, mean)
            }
        return (squares / Double(count)).squareRoot()
    }

    /// Percentiles exactly as numpy's default method 'linear' defines them: rank `h = (n - 1) q / 100`, interpolated
    /// between the neighbours in sorted order.
    ///
    /// - Parameter percents: each in [0, 100].
    func percentiles(_ percents: [Double]) -> [Double] {
        let ranks = percents.map { Double(count - 1) * $0 / 100 }
        let needed = Set(ranks.flatMap { [Int($0), min(Int($0) + 1, count - 1)] }).sorted()
        let selected =
            switch content {
            case .counted(let occurring): select(needed, among: occurring)
            case .values(let values): select(needed, in: values)
            }
        return ranks.map { rank in
            let below = Double(selected[Int(rank)] ?? 0)
            let above = Double(selected[min(Int(rank) + 1, count - 1)] ?? 0)
            let fraction = rank - rank.rounded(.down)
            // numpy's _lerp: from the nearer end, so that both ends are met exactly.
            return fraction < 0.5
                ? below + (above - below) * fraction : above - (above - below) * (1 - fraction)
        }
    }

    private static func counts(_ words: [UInt16], _ set: [UInt8]?) -> [UInt32] {
        guard let set else { return Voxels.counts(of: words) }
        var counts = [UInt32](repeating: 0, count: 65536)
        words.withUnsafeBufferPointer { words in
            for start in stride(from: 0, to: words.count, by: set.count) {
                hk_count_words_in(words.baseAddress! + start, set, set.count, &counts)
            }
        }
        return counts
    }

    private static func gathered(_ values: [Float], _ set: [UInt8]) -> [Float] {
        [Float](unsafeUninitializedCapacity: values.count) { buffer, filled in
            values.withUnsafeBufferPointer { values in
                for start in stride(from: 0, to: values.count, by: set.count) {
                    filled += hk_gather(
                        values.baseAddress! + start, set, set.count, buffer.baseAddress! + filled)
                }
            }
        }
    }
}

extension Voxels {
    /// - Throws: `TransformError` when a voxel is NaN or infinite.
    func checkFinite() throws(TransformError) {
        if areKnownFinite { return }
        _ = try Sample(self)
    }
}
