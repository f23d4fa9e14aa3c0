import CKernels

/// How values between voxels are made.
public enum Interpolation: String, Sendable, CaseIterable {
    case nearest
    case linear
    /// The mean of what an output covers; exact for whole factors.
    case area
    /// The cubic spline through all voxels; when shrinking with antialiasing, of the blurred image.
    case cubic
}

/// Weights of one axis of a separable resampling: output `i` is the sum of `weights[i][t] * input[start[i] + t]`.
///
/// Edge-aligned: output `i` lies at `(i + 1/2) * scale - 1/2` in input voxels, so that the outer faces of the image
/// stay where they are. Beyond the first and last centre the edge voxel is repeated; the cubic spline mirrors.
struct AxisResampling: Sendable {
    /// Ascending.
    let start: [Int32]
    /// `taps` values for each output.
    let weights: [Float]
    let taps: Int
    let inputCount: Int

    var count: Int { start.count }
    /// Every output is the input at the same place.
    let isIdentity: Bool
    /// Outputs in the middle that all have the same weights, with inputs `step` apart: nearly all for whole factors.
    private let even: Range<Int>
    private let step: Int

    /// - Parameters:
    ///   - scale: output spacing / input spacing.
    ///   - antialias: when shrinking, widen the triangle to the output spacing (as Pillow and PyTorch's
    ///     `antialias=True`), so that no detail turns into a pattern that is not there.
    init(inputCount: Int, outputCount: Int, scale: Double, interpolation: Interpolation, antialias: Bool) {
        self.inputCount = inputCount
        isIdentity = inputCount == outputCount && scale == 1
        let support = interpolation == .linear && antialias ? max(scale, 1) : 1
        /// Weights of all outputs one after another, and where those of each begin.
        var (all, begins): ([Double], [Int]) = ([], [0])
        var starts: [Int] = []
        begins.reserveCapacity(outputCount + 1)
        starts.reserveCapacity(outputCount)
        all.reserveCapacity(outputCount * min(2 * Int(min(support, Double(inputCount)).rounded(.up)) + 1, inputCount))
        for index in 0..<outputCount {
            switch interpolation {
            case .area: starts.append(Self.cover(index, scale, inputCount, &all))
            case .nearest:
                starts.append(Self.nearest(index, scale, inputCount))
                all.append(1)
            case .linear: starts.append(Self.triangle(index, scale, support, inputCount, &all))
            case .cubic:
                starts.append(
                    CubicSpline.append(
                        at: (Double(index) + 0.5) * scale - 0.5, deviation: antialias ? max(scale - 1, 0) / 2 : 0,
                        count: inputCount, to: &all))
            }
            begins.append(all.count)
        }
        let taps = min(zip(begins, begins.dropFirst()).map { $1 - $0 }.max() ?? 1, inputCount)
        // Rows near the end move left so that `taps` inputs always exist.
        var (start, weights) = (
            [Int32](repeating: 0, count: outputCount), [Float](repeating: 0, count: outputCount * taps)
        )
        for index in 0..<outputCount {
            start[index] = Int32(min(starts[index], inputCount - taps))
            let first = index * taps + starts[index] - Int(start[index])
            for (offset, place) in (begins[index]..<begins[index + 1]).enumerated()
            where first + offset < (index + 1) * taps {
                weights[first + offset] = Float(all[place])
            }
        }
        (even, step) = Self.even(start, weights, taps)
        (self.start, self.weights, self.taps) = (start, weights, taps)
    }

    /// One row of outputs.
    ///
    /// - Parameters:
    ///   - input: `inputCount` values.
    ///   - output: room for `count` values.
    func resample(_ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>) {
        guard !even.isEmpty else { return hk_resample_row(input, output, count, start, weights, taps) }
        weights.withUnsafeBufferPointer { weights in
            start.withUnsafeBufferPointer { start in
                func oneByOne(_ range: Range<Int>) {
                    hk_resample_row(
                        input, output + range.lowerBound, range.count, start.baseAddress! + range.lowerBound,
                        weights.baseAddress! + range.lowerBound * taps, taps)
                }
                oneByOne(0..<even.lowerBound)
                hk_resample_row_evenly(
                    input + Int(start[even.lowerBound]), output + even.lowerBound, even.count, step,
                    weights.baseAddress! + even.lowerBound * taps, taps)
                oneByOne(even.upperBound..<count)
            }
        }
    }

    /// Runs of outputs, from the first to the last, each with the inputs that it needs.
    /// - Parameter limit: inputs of a run; at least `taps`.
    func windows(ofAtMost limit: Int) -> [(outputs: Range<Int>, inputs: Range<Int>)] {
        var windows: [(outputs: Range<Int>, inputs: Range<Int>)] = []
        var next = 0
        while next < count {
            let first = Int(start[next])
            var end = next + 1
            while end < count, Int(start[end]) + taps - first <= limit { end += 1 }
            windows.append((next..<end, first..<Int(start[end - 1]) + taps))
            next = end
        }
        return windows
    }

    /// The input that lies nearest to an output's centre.
    static func nearest(_ index: Int, _ scale: Double, _ count: Int) -> Int {
        min(max(Int(((Double(index) + 0.5) * scale).rounded(.down)), 0), count - 1)
    }

    /// The triangle filter around an output's centre: appends its weights, returns the first input.
    private static func triangle(
        _ index: Int, _ scale: Double, _ support: Double, _ count: Int, _ weights: inout [Double]
    ) -> Int {
        let center = (Double(index) + 0.5) * scale
        let first = min(max(Int((center - support + 0.5).rounded(.down)), 0), count - 1)
        let last = max(min(Int((center + support + 0.5).rounded(.down)), count), first + 1)
        append((first..<last).lazy.map { max(0, 1 - abs((Double($0) + 0.5 - center) / support)) }, to: &weights)
        return first
    }

    /// Inputs that an output covers, weighted by how much of it they are.
    private static func cover(_ index: Int, _ scale: Double, _ count: Int, _ weights: inout [Double]) -> Int {
        let (from, to) = (Double(index) * scale, Double(index + 1) * scale)
        let first = min(Int((from + 1e-9).rounded(.down)), count - 1)
        let last = max(min(Int((to - 1e-9).rounded(.up)), count), first + 1)
        append((first..<last).lazy.map { max(0, min(to, Double($0 + 1)) - max(from, Double($0))) }, to: &weights)
        return first
    }

    /// Weights that sum to 1. Past the edge no voxel is within reach: the nearest one stands in.
    private static func append(_ own: some Sequence<Double>, to weights: inout [Double]) {
        let begin = weights.count
        weights.append(contentsOf: own)
        let sum = weights[begin...].reduce(0, +)
        for place in begin..<weights.count {
            weights[place] = sum > 0 ? weights[place] / sum : place == begin ? 1 : 0
        }
    }

    /// The longest run around the middle output of equal weights and steps; empty where it would not pay.
    private static func even(_ start: [Int32], _ weights: [Float], _ taps: Int) -> (Range<Int>, step: Int) {
        let middle = start.count / 2
        guard start.count >= 32 else { return (0..<0, 0) }
        let step = start[middle] - start[middle - 1]
        guard (2...4).contains(step), [Int(step), 2 * Int(step)].contains(taps) else { return (0..<0, 0) }
        func isNext(_ index: Int) -> Bool {
            start[index] - start[index - 1] == step
                && (0..<taps).allSatisfy { weights[index * taps + $0] == weights[(index - 1) * taps + $0] }
        }
        var (first, last) = (middle, middle)
        while first > 0, isNext(first) { first -= 1 }
        while last + 1 < start.count, isNext(last + 1) { last += 1 }
        return last - first >= 16 ? (first..<last + 1, Int(step)) : (0..<0, 0)
    }
}
