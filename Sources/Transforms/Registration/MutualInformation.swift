import CKernels
import Parallel
import Volumes

/// Mutual information of two images, from a histogram with a cubic B-spline Parzen window on the moving side and plain
/// bins on the fixed one, and its exact derivatives (D. Mattes et al., PET-CT image registration in the chest using
/// free-form deformations, IEEE Trans. Med. Imaging 22, 2003; the form of P. Thévenaz and M. Unser, IEEE Trans. Image
/// Process. 9, 2000):
///
///     p(l, k) = 1/N sum over i of [l = bin(f_i)] B3(k - m(T x_i))        S = sum of p log(p / (p_f p_m))
///
/// Points that fall outside the moving image do not count. Sums are made chunk by chunk and the chunks added in order,
/// so that the bits do not depend on the number of threads.
final class MutualInformation {
    /// One evaluation.
    struct Value {
        /// S in nats, 0 when nothing is seen.
        var information: Double
        /// dS by the 3 x 3 linear part (`[row][column]`) about the samples' centre, and by where the centre goes.
        var linear: [SIMD3<Double>]
        var target: SIMD3<Double>
        /// Share of the points that lie within the moving image.
        var visible: Double
    }

    let samples: FixedSamples
    private let moving: Volume
    private let axis: BinAxis
    private let index: AffineTransform
    private let workers: Workers
    private let voxels: [Float]
    /// Of each point the moving value and, planar, its derivatives; kept between evaluations.
    private let scratch: UnsafeMutablePointer<Float>
    /// Points that are worked on together; fixed, because it decides the order of sums.
    private static let chunk = 8192

    /// - Parameters:
    ///   - moving: one channel.
    ///   - range: values of the moving image that the bins cover; those beyond count as the nearest.
    /// - Throws: `TransformError` when the moving image's geometry is degenerate.
    init(
        samples: FixedSamples, moving: Volume, range: ClosedRange<Float>, binCount: Int, workers: Workers
    ) throws(TransformError) {
        guard let index = AffineTransform(moving.geometry).inverse else {
            throw TransformError(.missingInformation, "the image's axes do not span space: its geometry is degenerate")
        }
        (self.samples, self.moving, self.index, self.workers) = (samples, moving, index, workers)
        axis = BinAxis(range, count: binCount)
        voxels = moving.voxels
        scratch = .allocate(capacity: 4 * samples.count)
    }

    deinit { scratch.deallocate() }

    /// - Parameter transform: from the fixed image's space to the moving one's.
    func callAsFunction(_ transform: AffineTransform) -> Value {
        let (joint, seen) = histogram(transform)
        let visible = Double(seen) / Double(samples.count)
        guard seen > 0 else {
            return Value(information: 0, linear: [.zero, .zero, .zero], target: .zero, visible: 0)
        }
        let (information, table) = Self.information(joint, seen, bins: axis.count)
        let sums = gradient(table).map { $0 / Double(seen) }
        // By index map; the index is linear in the moving position.
        func column(_ at: Int) -> SIMD3<Double> {
            let g = SIMD3(sums[at], sums[4 + at], sums[8 + at])
            return [index.columns[0].dot(g), index.columns[1].dot(g), index.columns[2].dot(g)]
        }
        let columns = (0..<3).map(column)
        return Value(
            information: information,
            linear: (0..<3).map { [columns[0][$0], columns[1][$0], columns[2][$0]] }, target: column(3),
            visible: visible)
    }

    /// The information alone, which takes less than half as long.
    func information(_ transform: AffineTransform) -> (information: Double, visible: Double) {
        let (joint, seen) = histogram(transform, withGradient: false)
        guard seen > 0 else { return (0, 0) }
        return (
            Self.information(joint, seen, bins: axis.count).information, Double(seen) / Double(samples.count)
        )
    }

    /// Moving values at all points where `transform` takes them, NaN outside.
    func values(_ transform: AffineTransform) -> [Float] {
        _ = histogram(transform, withGradient: false)
        return Array(UnsafeBufferPointer(start: scratch, count: samples.count))
    }

    private var chunkCount: Int { (samples.count + Self.chunk - 1) / Self.chunk }

    private func histogram(
        _ transform: AffineTransform, withGradient: Bool = true
    ) -> (joint: [Double], seen: Int) {
        let (count, bins) = (samples.count, axis.count)
        let map = index.after(transform).after(AffineTransform(translation: samples.center)).rows
        let sizes = [moving.shape.width, moving.shape.height, moving.shape.depth]
        var (parts, seen) = (
            [Float](repeating: 0, count: chunkCount * bins * bins), [Int](repeating: 0, count: chunkCount)
        )
        parts.withUnsafeMutableBufferPointer { parts in
            seen.withUnsafeMutableBufferPointer { seen in
                let (parts, seen) = (Destination(start: parts.baseAddress!), Destination(start: seen.baseAddress!))
                let out = Destination(start: scratch)
                let (samples, voxels, axis) = (samples, voxels, axis)
                workers.forEach(chunkCount) { part in
                    let first = part * Self.chunk
                    let length = min(Self.chunk, count - first)
                    samples.points.withUnsafeBufferPointer { points in
                        hk_interpolate_points(
                            voxels, sizes, map, points.baseAddress! + first, count, length, out.start + first,
                            withGradient ? out.start + count + first : nil, count)
                    }
                    samples.bins.withUnsafeBufferPointer { fixed in
                        seen.start[part] = hk_joint_parzen(
                            out.start + first, fixed.baseAddress! + first, length, axis.scale, axis.offset, bins,
                            parts.start + part * bins * bins)
                    }
                }
            }
        }
        var joint = [Double](repeating: 0, count: bins * bins)
        hk_add_floats(parts, bins * bins, chunkCount, &joint)
        return (joint, seen.reduce(0, +))
    }

    private func gradient(_ table: [Float]) -> [Double] {
        let (count, bins) = (samples.count, axis.count)
        var parts = [Double](repeating: 0, count: chunkCount * 12)
        parts.withUnsafeMutableBufferPointer { parts in
            let (parts, values) = (Destination(start: parts.baseAddress!), Destination(start: scratch))
            let (samples, axis) = (samples, axis)
            workers.forEach(chunkCount) { part in
                let first = part * Self.chunk
                samples.points.withUnsafeBufferPointer { points in
                    samples.bins.withUnsafeBufferPointer { fixed in
                        hk_parzen_gradient(
                            values.start + first, values.start + count + first, count, fixed.baseAddress! + first,
                            points.baseAddress! + first, count, min(Self.chunk, count - first), axis.scale,
                            axis.offset, bins, table, parts.start + 12 * part)
                    }
                }
            }
        }
        var sums = [Double](repeating: 0, count: 12)
        for part in 0..<chunkCount { for entry in 0..<12 { sums[entry] += parts[12 * part + entry] } }
        return sums
    }

    /// S of a joint histogram, and log(p / p_m) for each bin, by which the gradient weighs it: the other terms of the
    /// derivative cancel, because the weights of each sample sum to 1.
    private static func information(_ joint: [Double], _ seen: Int, bins: Int) -> (information: Double, table: [Float])
    {
        var table = [Float](repeating: 0, count: bins * bins)
        return (hk_mutual_information(joint, bins, Double(seen), &table), table)
    }
}
