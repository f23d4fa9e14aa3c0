import CKernels
import Volumes

/// The grid on which anatomy is found: cubes of 2 mm in the space of the average head, wide enough for any head in it.
enum HeadGrid {
    static let spacing = 2.0
    /// Centre of the first voxel, template mm.
    static let origin = SIMD3<Double>(-94, -124, -152)
    /// Voxels along x, y, z.
    static let size = SIMD3<Int>(95, 120, 124)
    static let indexToPosition = AffineMap(
        x: [spacing, 0, 0], y: [0, spacing, 0], z: [0, 0, spacing], offset: origin)

    /// The average head's parts on this grid.
    static let templateBrain = resampled(HeadTemplate.average.brain)
    static let templateHead = resampled(HeadTemplate.average.head)

    /// Where the olfactory bulbs and straight gyri reach down between the orbits, too thin for the table's 4 mm.
    static let olfactory = block(x: -7...7, y: -54 ... -24, z: -26 ... -10)

    /// Voxels whose centres (template mm) satisfy a condition on each axis.
    static func block(
        x: ClosedRange<Double> = -.infinity ... .infinity, y: ClosedRange<Double> = -.infinity ... .infinity,
        z: ClosedRange<Double> = -.infinity ... .infinity
    ) -> Region {
        func inside(_ axis: Int, _ range: ClosedRange<Double>) -> [UInt8] {
            (0..<size[axis]).map { range.contains(origin[axis] + Double($0) * spacing) ? 1 : 0 }
        }
        let (xs, ys, zs) = (inside(0, x), inside(1, y), inside(2, z))
        let none = [UInt8](repeating: 0, count: size.x)
        var bits: [UInt8] = []
        bits.reserveCapacity(size.x * size.y * size.z)
        for z in zs {
            for y in ys { bits.append(contentsOf: y & z != 0 ? xs : none) }
        }
        return Region(bits: bits, size: size, spacing: spacing)
    }

    /// Values through a map from this grid's indices to an image's; NaN outside the image.
    static func sample(_ values: [Float], _ imageSize: SIMD3<Int>, _ map: AffineMap) -> [Float] {
        let count = size.x * size.y * size.z
        return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            hk_sample_through(
                values, [imageSize.x, imageSize.y, imageSize.z], map.rows, buffer.baseAddress,
                [size.x, size.y, size.z],
                .nan)
            filled = count
        }
    }

    private static func resampled(_ region: Region) -> Region {
        let table = HeadTemplate.indexToPosition.inverse ?? .identity
        let values = sample(region.bits.map(Float.init), HeadTemplate.size, table.after(indexToPosition))
        return marked(values, 0.5, .infinity)
    }

    /// Voxels with values in a range; those outside the image are in none.
    static func marked(
        _ values: [Float], _ lower: Float, _ upper: Float, size: SIMD3<Int> = size, spacing: Double = spacing
    ) -> Region {
        var bits = [UInt8](repeating: 0, count: values.count)
        hk_mark_between(values, values.count, lower, upper, &bits)
        return Region(bits: bits, size: size, spacing: spacing)
    }
}
