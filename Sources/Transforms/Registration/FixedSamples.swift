import CKernels
import Glibc
import Volumes

/// Points of the fixed image at which the two images are compared, one in each cell of a regular grid at a place drawn
/// for it: a plain grid would meet the moving image's own in patterns that pull towards whole voxels.
///
/// The draws are counter-based and keyed by the cell's number, so that the same images give the same points.
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
    ///   - spacing: edge of a cell, mm; made larger where more than `limit` cells would come out.
    ///   - isJittered: false puts each point in the middle of its cell.
    ///   - range: values that the bins cover; all that occur when nil.
    ///   - binCount: bins of the histogram; values get those from 2 to `binCount` - 3.
    /// - Throws: `TransformError` when the fixed image is constant or fewer than 200 points remain.
    init(
        _ fixed: Volume, mask: Mask?, spacing: Double, limit: Int = 400_000, isJittered: Bool = true,
        range: ClosedRange<Float>? = nil, binCount: Int
    ) throws(TransformError) {
        let sizes = SIMD3(Double(fixed.shape.width), Double(fixed.shape.height), Double(fixed.shape.depth))
        let extents = sizes * fixed.geometry.spacing
        let edge = max(spacing, cbrt(extents.x * extents.y * extents.z / Double(limit)))
        let counts = SIMD3<Int>(
            (extents / edge).rounded(.toNearestOrAwayFromZero).clamped(lowerBound: .one, upperBound: sizes))
        let cell = sizes / SIMD3<Double>(counts)
        var random = Philox(seed: 0, item: "registration", stage: 0)
        var (indices, positions): ([SIMD3<Double>], [SIMD3<Double>]) = ([], [])
        for z in 0..<counts.z {
            for y in 0..<counts.y {
                for x in 0..<counts.x {
                    let draw = isJittered ? random.next() : 0
                    let place =
                        isJittered
                        ? SIMD3(
                            Double(draw & 0x1f_ffff), Double(draw >> 21 & 0x1f_ffff), Double(draw >> 42 & 0x1f_ffff))
                            * 0x1p-21 : SIMD3(repeating: 0.5)
                    let index = ((SIMD3(Double(x), Double(y), Double(z)) + place) * cell - 0.5)
                        .clamped(lowerBound: .zero, upperBound: sizes - 1)
                    let position = fixed.geometry.position(ofIndex: index)
                    guard mask?.isInside(position) ?? true else { continue }
                    indices.append(index)
                    positions.append(position)
                }
            }
        }
        guard positions.count >= 200 else {
            throw TransformError(
                .registrationFailed,
                "the fixed image or its mask has only \(positions.count) points to compare; 200 are needed")
        }
        let center = positions.reduce(.zero, +) / Double(positions.count)
        (self.center, points) = (center, Self.planar(positions.map { $0 - center }))
        let squares = positions.reduce(0) { $0 + ($1 - center).dot($1 - center) }
        radius = max((squares / Double(3 * positions.count)).squareRoot(), 1)
        var values = [Float](repeating: 0, count: positions.count)
        let identity = AffineTransform.identity.rows
        hk_interpolate_points(
            fixed.voxels, [fixed.shape.width, fixed.shape.height, fixed.shape.depth], identity, Self.planar(indices),
            values.count, values.count, &values, nil, 0)
        guard let least = values.min(), let greatest = values.max(), greatest > least else {
            throw TransformError(.registrationFailed, "the fixed image is constant where it would be compared")
        }
        let axis = BinAxis(range ?? least...greatest, count: binCount)
        bins = values.map { UInt8(min(max(Int(axis.position(of: $0)), 2), binCount - 3)) }
    }

    private static func planar(_ points: [SIMD3<Double>]) -> [Float] {
        (0..<3).flatMap { axis in points.map { Float($0[axis]) } }
    }
}

/// Values on an axis of histogram bins, two of them left free at either end for the B-spline (Mattes et al. 2003).
struct BinAxis: Sendable {
    let scale: Float
    let offset: Float
    let count: Int

    /// - Precondition: the range is not empty; 5 to 255 bins.
    init(_ range: ClosedRange<Float>, count: Int) {
        precondition((5...255).contains(count) && range.upperBound > range.lowerBound, "\(count) bins over \(range)")
        let width = (Double(range.upperBound) - Double(range.lowerBound)) / Double(count - 4)
        scale = Float(1 / width)
        offset = Float(Double(range.lowerBound) / width - 2)
        self.count = count
    }

    func position(of value: Float) -> Float { value * scale - offset }
}

extension Mask {
    /// Whether a point, LPS mm, lies in a voxel that is not background.
    func isInside(_ position: SIMD3<Double>) -> Bool {
        guard let index = geometry.index(ofPosition: position)?.rounded(.toNearestOrAwayFromZero) else { return false }
        let size = SIMD3(Double(shape.width), Double(shape.height), Double(shape.depth))
        guard all(index .>= 0), all(index .< size) else { return false }
        return labels[(Int(index.z) * shape.height + Int(index.y)) * shape.width + Int(index.x)] != 0
    }
}
