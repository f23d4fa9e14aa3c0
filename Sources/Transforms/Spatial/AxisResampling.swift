/// How values between voxels are made.
public enum Interpolation: String, Sendable, CaseIterable {
    case nearest
    case linear
    /// The mean of what an output covers; exact for whole factors.
    case area
}

/// Weights of one axis of a separable resampling: output `i` is the sum of `weights[i][t] * input[start[i] + t]`.
///
/// Edge-aligned: output `i` lies at `(i + 1/2) * scale - 1/2` in input voxels, so that the outer faces of the image
/// stay where they are. Beyond the first and last centre the edge voxel is repeated.
struct AxisResampling: Sendable {
    let start: [Int32]
    /// `taps` values for each output.
    let weights: [Float]
    let taps: Int
    let inputCount: Int

    var count: Int { start.count }
    /// Every output is the input at the same place.
    let isIdentity: Bool

    /// - Parameters:
    ///   - scale: output spacing / input spacing.
    ///   - antialias: when shrinking, widen the triangle to the output spacing (as Pillow and PyTorch's
    ///     `antialias=True`), so that no detail turns into a pattern that is not there.
    init(inputCount: Int, outputCount: Int, scale: Double, interpolation: Interpolation, antialias: Bool) {
        self.inputCount = inputCount
        isIdentity = inputCount == outputCount && scale == 1
        let support = interpolation == .linear && antialias ? max(scale, 1) : 1
        var rows: [(start: Int, weights: [Double])] = []
        for index in 0..<outputCount {
            let center = (Double(index) + 0.5) * scale
            if interpolation == .area {
                rows.append(Self.covered(index, scale, inputCount))
                continue
            }
            if interpolation == .nearest {
                rows.append((min(max(Int(center.rounded(.down)), 0), inputCount - 1), [1]))
                continue
            }
            let first = min(max(Int((center - support + 0.5).rounded(.down)), 0), inputCount - 1)
            let last = max(min(Int((center + support + 0.5).rounded(.down)), inputCount), first + 1)
            var weights = (first..<last).map { max(0, 1 - abs((Double($0) + 0.5 - center) / support)) }
            let sum = weights.reduce(0, +)
            // Past the edge no voxel is within reach: the nearest one stands in.
            weights = sum > 0 ? weights.map { $0 / sum } : weights.indices.map { $0 == 0 ? 1 : 0 }
            rows.append((first, weights))
        }
        let taps = min(rows.map(\.weights.count).max() ?? 1, inputCount)
        self.taps = taps
        // Rows near the end move left so that `taps` inputs always exist.
        start = rows.map { Int32(min($0.start, inputCount - taps)) }
        weights = rows.flatMap { row in
            let shift = row.start - min(row.start, inputCount - taps)
            return (0..<taps).map { tap in
                let source = tap - shift
                return row.weights.indices.contains(source) ? Float(row.weights[source]) : 0
            }
        }
    }

    /// Inputs that an output covers, weighted by how much of it they are.
    private static func covered(_ index: Int, _ scale: Double, _ count: Int) -> (start: Int, weights: [Double]) {
        let (from, to) = (Double(index) * scale, Double(index + 1) * scale)
        let first = min(Int((from + 1e-9).rounded(.down)), count - 1)
        let last = max(min(Int((to - 1e-9).rounded(.up)), count), first + 1)
        let weights = (first..<last).map { max(0, min(to, Double($0 + 1)) - max(from, Double($0))) }
        let sum = weights.reduce(0, +)
        return (first, sum > 0 ? weights.map { $0 / sum } : weights.indices.map { $0 == 0 ? 1 : 0 })
    }
}
