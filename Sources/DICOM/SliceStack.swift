import Volumes

/// Slices along one direction: their order and the step between them, from positions alone.
///
/// The gantry tilt tag is never asked: its sign is the vendor's choice, while positions cannot lie.
struct SliceStack {
    /// Indices into the given positions, in ascending order along the normal.
    let order: [Int]
    /// LPS mm of the first pixel of the first slice.
    let origin: SIMD3<Double>
    /// LPS mm from a slice to the next; not parallel to the normal when the gantry was tilted. Nil for one slice.
    let step: SIMD3<Double>?
    let isSheared: Bool

    /// - Parameters:
    ///   - positions: at least one; LPS mm.
    ///   - normal: unit length.
    init(positions: [SIMD3<Double>], normal: SIMD3<Double>, path: String) throws(DICOMError) {
        let depths = positions.map { $0.dot(normal) }
        order = positions.indices.sorted { (depths[$0], $0) < (depths[$1], $1) }
        origin = positions[order[0]]
        guard positions.count > 1 else {
            (step, isSheared) = (nil, false)
            return
        }
        let gaps = zip(order.dropFirst(), order).map { depths[$0] - depths[$1] }
        try Self.checkRegular(gaps: gaps, path: path)
        let step = (positions[order.last!] - origin) / Double(gaps.count)
        let tolerance = Self.tolerance(step.dot(normal))
        for (next, previous) in zip(order.dropFirst(), order) {
            let deviation = positions[next] - positions[previous] - step
            let sideways = deviation - normal * deviation.dot(normal)
            guard sideways.length <= tolerance else {
                throw DICOMError(
                    .irregularSpacing, path: path,
                    "slices do not lie on a straight line: one is \(rounded(sideways.length)) mm off sideways")
            }
        }
        self.step = step
        isSheared = (step - normal * step.dot(normal)).length > tolerance
    }

    /// Gaps may deviate from their median by 1 %, or by 0.02 mm where positions are rounded.
    private static func tolerance(_ gap: Double) -> Double { max(0.01 * gap, 0.02) }

    private static func checkRegular(gaps: [Double], path: String) throws(DICOMError) {
        let same = gaps.count { $0 < 1e-3 }
        guard same == 0 else {
            throw DICOMError(
                .duplicateSlices, path: path,
                "\(same + 1) or more of \(gaps.count + 1) slices lie at one position "
                    + "(copies, echoes or time points); keep one of each")
        }
        let median = gaps.sorted()[gaps.count / 2]
        let missing = gaps.filter { $0 > 1.5 * median }
        guard let worst = gaps.map({ abs($0 - median) }).max(), worst > tolerance(median) else { return }
        if !missing.isEmpty,
            missing.allSatisfy({ abs($0 / median - ($0 / median).rounded()) < 0.05 }),
            gaps.allSatisfy({ $0 > 1.5 * median || abs($0 - median) <= tolerance(median) })
        {
            let count = missing.reduce(0) { $0 + Int(min(($1 / median).rounded(), 1e6)) - 1 }
            throw DICOMError(
                .irregularSpacing, path: path,
                "\(count) of \(gaps.count + 1 + count) slices missing at a spacing of \(rounded(median)) mm; "
                    + "add the missing files")
        }
        throw DICOMError(
            .irregularSpacing, path: path,
            "unequal gaps between slices: \(rounded(gaps.min()!)) to \(rounded(gaps.max()!)) mm, "
                + "median \(rounded(median)) mm")
    }
}

/// Millimetres with three decimals for messages.
func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
