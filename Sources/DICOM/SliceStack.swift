import Volumes

/// Slices along one direction: their order and the step between them, from positions alone.
///
/// The gantry tilt tag is never asked: its sign is the vendor's choice, while positions cannot lie.
struct SliceStack {
    /// Positions closer than this along the normal are one place, mm.
    static let samePlace = 1e-3

    /// Indices into the given positions, in ascending order along the normal.
    let order: [Int]
    /// LPS mm of the first pixel of each slice, in that order.
    let positions: [SIMD3<Double>]
    /// mm along the normal from the first slice, ascending.
    let depths: [Double]
    /// LPS mm from a slice to the next; not parallel to the normal when the gantry was tilted. Nil for one slice.
    let step: SIMD3<Double>?
    let isSheared: Bool
    /// What is uneven; nil when every slice lies where `step` has it.
    let irregularity: Irregularity?

    var origin: SIMD3<Double> { positions[0] }

    struct Irregularity {
        /// In words that end before what to do.
        var message: String
        /// Slices that lack at the median distance.
        var missing: Int
        /// mm between where the slices are and where an even stack has them.
        var deviation: Double
    }

    /// - Parameters:
    ///   - positions: at least one; LPS mm.
    ///   - normal: unit length.
    ///   - onIrregular: `error` and `split` refuse what is uneven.
    /// - Throws: `DICOMError` when slices lie at one place, or are uneven and this is not wanted.
    init(
        positions: [SIMD3<Double>], normal: SIMD3<Double>, path: String, onIrregular: IrregularSpacing = .error
    ) throws(DICOMError) {
        guard positions.allSatisfy({ $0.length < 1e6 }) else {
            throw DICOMError(.malformed, path: path, "an Image Position (Patient) more than a kilometre away")
        }
        let along = positions.map { $0.dot(normal) }
        let order = positions.indices.sorted { (along[$0], $0) < (along[$1], $1) }
        let sorted = order.map { positions[$0] }
        let depths = order.map { along[$0] - along[order[0]] }
        (self.order, self.positions, self.depths) = (order, sorted, depths)
        guard positions.count > 1 else {
            (step, isSheared, irregularity) = (nil, false, nil)
            return
        }
        let gaps = zip(depths.dropFirst(), depths).map { $0 - $1 }
        let same = gaps.count { $0 < Self.samePlace }
        guard same == 0 else {
            throw DICOMError(
                .duplicateSlices, path: path,
                "\(same + 1) or more of \(positions.count) slices lie at one position "
                    + "(copies, or repeats that nothing in their headers tells apart); keep one of each")
        }
        let last = depths.count - 1
        // mm sideways for each mm along the normal.
        let direction = (sorted[last] - sorted[0]) / depths[last]
        let median = gaps.sorted()[(gaps.count - 1) / 2]
        let sideways = zip(sorted, depths).map { ($0 - sorted[0] - direction * $1).length }.max() ?? 0
        let irregularity = Self.irregularity(gaps: gaps, depths: depths, median: median, sideways: sideways)
        if let irregularity, onIrregular == .error || onIrregular == .split {
            throw DICOMError(.irregularSpacing, path: path, irregularity.message + Self.advice(irregularity))
        }
        let step = direction * (irregularity == nil ? depths[last] / Double(last) : median)
        self.step = step
        self.irregularity = irregularity
        isSheared = (step - normal * step.dot(normal)).length > Self.tolerance(step.dot(normal))
    }

    /// Gaps may deviate from their median by 1 %, or by 0.02 mm where positions are rounded.
    static func tolerance(_ gap: Double) -> Double { max(0.01 * gap, 0.02) }

    private static func irregularity(
        gaps: [Double], depths: [Double], median: Double, sideways: Double
    ) -> Irregularity? {
        let tolerance = tolerance(median)
        // Even gaps within the tolerance may still add up to a drift.
        let mean = depths[depths.count - 1] / Double(gaps.count)
        let drift = depths.enumerated().map { abs($1 - mean * Double($0)) }.max() ?? 0
        let off = depths.enumerated().map { abs($1 - median * Double($0)) }.max() ?? 0
        let worst = gaps.map { abs($0 - median) }.max() ?? 0
        guard worst > tolerance || drift > tolerance else {
            guard sideways > tolerance else { return nil }
            return Irregularity(
                message: "slices do not lie on a straight line: one is \(rounded(sideways)) mm off sideways",
                missing: 0, deviation: sideways)
        }
        let holes = gaps.filter { $0 > 1.5 * median }
        if !holes.isEmpty, holes.allSatisfy({ abs($0 / median - ($0 / median).rounded()) < 0.05 }),
            gaps.allSatisfy({ $0 > 1.5 * median || abs($0 - median) <= tolerance })
        {
            let count = holes.reduce(0) { $0 + Int(min(($1 / median).rounded(), 1e6)) - 1 }
            return Irregularity(
                message: "\(count) of \(gaps.count + 1 + count) slices missing at a spacing of \(rounded(median)) mm",
                missing: count, deviation: max(off, sideways))
        }
        return Irregularity(
            message: "unequal gaps between slices: \(rounded(gaps.min()!)) to \(rounded(gaps.max()!)) mm, "
                + "median \(rounded(median)) mm", missing: 0, deviation: max(off, sideways))
    }

    private static func advice(_ irregularity: Irregularity) -> String {
        (irregularity.missing > 0 ? "; add the missing files" : "") + "; or choose onIrregular: regrid, split or allow"
    }
}

/// Millimetres with three decimals for messages.
func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
