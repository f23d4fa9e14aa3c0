import CKernels
import Glibc
import Volumes

/// Points of the fixed image at which the two images are compared, one in each cell of a regular grid at a place drawn
/// for it: a plain grid would meet the moving image's own in patterns that pull towards whole voxels.
///
/// The draws are counter-based (SplitMix64) by the cell's number, so that the same images give the same points.
struct FixedSamples: Sendable {
    /// x, then y, then z of all points: LPS mm from `center`.
    let points: [Float]
    /// Bin of the fixed image's value at each point.
    let bins: [UInt8]
    var count: Int { bins.count }
    /// Middle of all points, LPS mm.
    let center: SIMD3<Double>
    /// Root mean square of a coordinate of `points`, mm: how far a change of the matrix moves them.
    let radius: Double

    /// - Parameters:
    ///   - fixed: one channel.
    ///   - mask: where to compare, on any grid; label 0 is left out. Nil for everywhere.
    ///   - spacing: edge of a cell, mm; made larger or smaller where more cells than `limits` or fewer would come out.
    ///   - isJittered: false puts each point in the middle of its cell.
    ///   - range: values that the bins cover; all that occur when nil.
    ///   - binCount: bins of the histogram; values get those from 2 to `binCount` - 3.
    /// - Throws: `TransformError` when the fixed image is constant or fewer than 200 points remain.
    init(
        _ fixed: Volume, mask: Mask?, spacing: Double, limits: ClosedRange<Int> = 4000...400_000,
        isJittered: Bool = true, range: ClosedRange<Float>? = nil, binCount: Int
    ) throws(TransformError) {
        let sizes = [fixed.shape.width, fixed.shape.height, fixed.shape.depth]
        let extents = zip(sizes, [0, 1, 2]).map { Double($0) * fixed.geometry.spacing[$1] }
        let volume = extents[0] * extents[1] * extents[2]
        let edge = min(
            max(spacing, cbrt(volume / Double(limits.upperBound))), cbrt(volume / Double(limits.lowerBound)))
        let counts = zip(sizes, extents).map { min(max(Int(($1 / edge).rounded()), 1), $0) }
        let total = counts[0] * counts[1] * counts[2]
        var cells = [Float](repeating: 0, count: 3 * total)
        hk_points_in_cells(
            counts, zip(sizes, counts).map { Double($0) / Double($1) }, sizes.map { Double($0 - 1) },
            isJittered ? 1 : 0, &cells)
        let indices = try Self.chosen(cells, total, fixed.geometry, mask)
        let count = indices.count / 3
        guard count >= 200 else {
            throw TransformError(
                .registrationFailed,
                "the reference or its mask has only \(count) points to compare; 200 are needed")
        }
        // Positions about the middle one of all, from the grid's steps.
        let mean = (0..<3).map { axis in
            indices[axis * count..<(axis + 1) * count].reduce(0.0) { $0 + Double($1) } / Double(count)
        }
        center = fixed.geometry.position(ofIndex: [mean[0], mean[1], mean[2]])
        var (points, squares) = ([Float](repeating: 0, count: 3 * count), 0.0)
        for axis in 0..<3 {
            let step = (0..<3).map { fixed.geometry.steps[$0][axis] }
            for point in 0..<count {
                let x = Double(indices[point]) - mean[0]
                let y = Double(indices[count + point]) - mean[1]
                let z = Double(indices[2 * count + point]) - mean[2]
                let position = step[0] * x + step[1] * y + step[2] * z
                points[axis * count + point] = Float(position)
                squares += position * position
            }
        }
        self.points = points
        radius = max((squares / Double(3 * count)).squareRoot(), .leastNormalMagnitude)
        var values = [Float](repeating: 0, count: count)
        hk_interpolate_points(
            fixed.voxels, sizes, AffineTransform.identity.rows, indices, count, count, &values, nil, 0)
        guard let least = values.min(), let greatest = values.max(), greatest > least else {
            throw TransformError(.registrationFailed, "the reference is constant where it would be compared")
        }
        let axis = BinAxis(range ?? least...greatest, count: binCount)
        bins = values.map(axis.bin(of:))
    }

    /// Of points in all cells, in voxels and planar, those within the mask.
    private static func chosen(
        _ cells: [Float], _ total: Int, _ geometry: Geometry, _ mask: Mask?
    ) throws(TransformError) -> [Float] {
        guard let mask else { return cells }
        guard let index = AffineTransform(mask.geometry).inverse else {
            throw TransformError(.missingInformation, "the mask's axes do not span space: its geometry is degenerate")
        }
        var chosen = [UInt32](repeating: 0, count: total)
        let count = hk_points_in_mask(
            cells, total, index.after(AffineTransform(geometry)).rows, mask.labels,
            [mask.shape.width, mask.shape.height, mask.shape.depth], &chosen)
        return (0..<3).flatMap { axis in chosen[..<count].map { cells[axis * total + Int($0)] } }
    }
}

/// Values on an axis of histogram bins, two of them left free at either end for the B-spline (Mattes et al. 2003).
struct BinAxis: Sendable {
    /// Position of a value, in bins: `value * scale - offset`.
    let scale: Float
    let offset: Float
    let count: Int
    private let width: Double
    private let least: Double

    /// - Precondition: the range is not empty; 5 to 255 bins.
    init(_ range: ClosedRange<Float>, count: Int) {
        precondition((5...255).contains(count) && range.upperBound > range.lowerBound, "\(count) bins over \(range)")
        width = (Double(range.upperBound) - Double(range.lowerBound)) / Double(count - 4)
        least = Double(range.lowerBound) / width - 2
        (scale, offset) = (Float(1 / width), Float(least))
        self.count = count
    }

    /// The bin that a value of the fixed image falls in.
    func bin(of value: Float) -> UInt8 {
        // Within the bins before it becomes an integer: one voxel of 1e38 lies beyond any.
        UInt8(min(max(Double(value) / width - least, 2), Double(count - 3)))
    }
}
