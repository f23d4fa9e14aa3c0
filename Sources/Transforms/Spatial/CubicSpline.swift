import Foundation

/// Weights of cubic B-spline interpolation as a filter on the voxels themselves.
///
/// The spline through all voxels is the sum of cubic B-splines with coefficients that a recursive filter makes of the
/// voxels (Unser, "Splines: a perfect fit for signal and image processing", 1999). Both steps together are one filter,
/// the cardinal spline, which falls off by 0.27 a voxel: cut after `reach` voxels it differs by less than 1e-6. A filter
/// of finite length is what a few rows at a time and several workers can share.
///
/// Beyond the first and last voxel the image is mirrored at their centres, as `scipy.ndimage` does in mode `mirror`.
enum CubicSpline {
    /// Voxels to either side that count.
    private static let reach = 10
    /// Voxels from which on nothing of the spline is left in a double.
    private static let negligible = 28
    /// The pole of the recursive filter.
    private static let pole = 3.0.squareRoot() - 2

    /// Appends the weights of one output, returns the first input that they are for.
    ///
    /// - Parameters:
    ///   - center: place of the output in input voxels, 0 at the first centre.
    ///   - deviation: of a Gaussian that goes before, in input voxels; 0 for none. What shrinking by `f` needs is
    ///     `(f - 1) / 2`, as `skimage.transform.resize` has it.
    static func append(at center: Double, deviation: Double, count: Int, to weights: inout [Double]) -> Int {
        guard count > 1 else {
            weights.append(1)
            return 0
        }
        // A Gaussian as wide as the image and its mirror image leaves the mean already: a wider one need not be longer.
        let blur = gaussian(min(deviation, 2 * Double(count)))
        let around = reach + blur.count / 2
        let floor = Int(center.rounded(.down))
        let first = floor - around
        // All places are whole numbers away from each other, so the spline is needed at few.
        let spline = (-negligible...negligible).map { cardinal(center - Double(floor + $0)) }
        let own = (0..<2 * around + 2).map { offset in
            // Place of the first tap that counts, and of its voxel, from the centre's.
            let place = offset - around + blur.count / 2
            let taps = max(0, place - negligible)..<min(blur.count, place + negligible + 1)
            return taps.reduce(0.0) { sum, tap in sum + blur[tap] * spline[place - tap + negligible] }
        }
        let folded = own.indices.map { mirrored(first + $0, count) }
        let (low, high) = (folded.min()!, folded.max()!)
        let begin = weights.count
        weights.append(contentsOf: repeatElement(0, count: high - low + 1))
        let sum = own.reduce(0, +)
        for (index, weight) in zip(folded, own) { weights[begin + index - low] += weight / sum }
        return low
    }

    /// The spline that is 1 at 0 and 0 at all other whole numbers.
    private static func cardinal(_ t: Double) -> Double {
        let nearest = Int(t.rounded(.down))
        return (nearest - 1...nearest + 2).reduce(0.0) { sum, k in
            sum + basis(t - Double(k)) * 3.0.squareRoot() * pow(pole, Double(abs(k)))
        }
    }

    /// The cubic B-spline.
    private static func basis(_ t: Double) -> Double {
        let t = abs(t)
        return t < 1 ? 2.0 / 3 - t * t + t * t * t / 2 : t < 2 ? (2 - t) * (2 - t) * (2 - t) / 6 : 0
    }

    /// Weights of a Gaussian, cut at four deviations; of odd number, with sum 1.
    private static func gaussian(_ deviation: Double) -> [Double] {
        guard deviation > 0 else { return [1] }
        let radius = Int((4 * deviation + 0.5).rounded(.down))
        let weights = (-radius...radius).map { exp(-Double($0 * $0) / (2 * deviation * deviation)) }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }

    private static func mirrored(_ index: Int, _ count: Int) -> Int {
        let period = 2 * (count - 1)
        let place = ((index % period) + period) % period
        return place < count ? place : period - place
    }
}
