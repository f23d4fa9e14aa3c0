import CKernels
public import Parallel
public import Volumes

/// How far each voxel of an image looks for its value: output `(x, y, z)` is the input at `(x + dx, y + dy, z + dz)`, in
/// voxels. Positive values move the content towards lower indices.
public struct DisplacementField: Sendable {
    /// One channel.
    public let shape: Shape
    /// Along x, y, z, each `[depth, height, width]`.
    public let components: [[Float]]
    /// Voxels that it moves by at most, along x, y, z.
    fileprivate let reach: SIMD3<Double>

    /// - Precondition: three components of `shape.voxelCount` finite values.
    public init(shape: Shape, components: [[Float]]) {
        precondition(
            components.count == 3 && components.allSatisfy { $0.count == shape.voxelCount }, "a field for another grid")
        let largest = components.map { Double(hk_largest_magnitude($0, $0.count)) }
        self.init(shape, components, reach: [largest[0], largest[1], largest[2]])
    }

    private init(_ shape: Shape, _ components: [[Float]], reach: SIMD3<Double>) {
        self.shape = Shape(depth: shape.depth, height: shape.height, width: shape.width)
        (self.components, self.reach) = (components, reach)
    }

    /// Elastic deformation: independent uniform values in (-1, 1) in each voxel and component, smoothed by a Gaussian, times
    /// alpha. Source: Simard et al., "Best practices for convolutional neural networks applied to visual document analysis",
    /// ICDAR 2003.
    ///
    /// Alpha and sigma count voxels of the finest axis; along coarser axes the field reaches as many millimetres. An image of
    /// one slice is deformed in its plane.
    ///
    /// - Parameters:
    ///   - alpha: voxels; the largest displacement along any axis where `isNormalized`, and otherwise the factor of the smoothed
    ///     values, which is small: smoothing by 4 voxels leaves 4 % of the noise in a plane and 1 % in a volume.
    ///   - sigma: voxels.
    public static func elastic(
        _ shape: Shape, spacing: SIMD3<Double>, alpha: Double, sigma: Double, isNormalized: Bool = true, random: Philox,
        workers: Workers = .single
    ) -> DisplacementField {
        let grid = Shape(depth: shape.depth, height: shape.height, width: shape.width)
        let count = grid.voxelCount
        let ratio = min(spacing.x, spacing.y, shape.depth > 1 ? spacing.z : .infinity) / spacing
        var deviations = ratio * sigma
        // One slice isn't filtered across, and may be so thin that no filter would hold the voxels of a pixel's width.
        if shape.depth == 1 { deviations.z = 0 }
        let smoothing = GaussianSmoothing(sigma: deviations)
        let sizes = [grid.width, grid.height, grid.depth]
        var components = (0..<3).map { axis -> [Float] in
            guard sizes[axis] > 1 else { return [Float](repeating: 0, count: count) }
            return [Float](unsafeUninitializedCapacity: count) { values, initialized in
                adviseHugePages(values.baseAddress!, byteCount: count * 4)
                random.field(axis + 1).uniform(count, into: values.baseAddress!, workers)
                smoothing.run(values.baseAddress!, grid, workers)
                initialized = count
            }
        }
        let magnitudes = components.map { Double(hk_largest_magnitude($0, count)) }
        let largest = magnitudes.max() ?? 0
        let factor = isNormalized ? (largest > 0 ? alpha / largest : 0) : alpha
        for axis in 0..<3 where sizes[axis] > 1 {
            components[axis].withUnsafeMutableBufferPointer { values in
                let target = Destination(start: values.baseAddress!)
                let length = 1 << 16
                workers.forEach((count + length - 1) / length) { part in
                    hk_shift(
                        target.start + part * length, min(length, count - part * length), Float(factor * ratio[axis]),
                        0, .nan, -.infinity)
                }
            }
        }
        let reach = SIMD3(magnitudes[0], magnitudes[1], magnitudes[2]) * factor * ratio
        return DisplacementField(grid, components, reach: reach)
    }

    /// The box around every voxel that shows something of the box: on whole voxels, and nil when there is none left.
    ///
    /// Looked for voxel by voxel, which is right also where a field folds.
    public func moved(_ box: Box) -> Box? {
        let limits = SIMD3(Double(shape.width), Double(shape.height), Double(shape.depth))
        let reach = reach + 1
        let lower = pointwiseMax(box.lower - reach, .zero).rounded(.down)
        let upper = pointwiseMin(box.upper + reach, limits).rounded(.up)
        guard lower.x < upper.x, lower.y < upper.y, lower.z < upper.z else { return nil }
        // A box thinner than a voxel holds no voxel's centre: it counts as the voxel around it.
        let center = box.center
        let from = pointwiseMin(box.lower, center - 0.5)
        let to = pointwiseMax(box.upper, center + 0.5)
        var found: Box?
        for z in Int(lower.z)..<Int(upper.z) {
            for y in Int(lower.y)..<Int(upper.y) {
                var (first, last) = (Int.max, Int.min)
                for x in Int(lower.x)..<Int(upper.x) {
                    let place = (z * shape.height + y) * shape.width + x
                    let looked = SIMD3<Double>(
                        Double(x) + 0.5 + Double(components[0][place]), Double(y) + 0.5 + Double(components[1][place]),
                        Double(z) + 0.5 + Double(components[2][place]))
                    // As the image is: beyond the outermost centres, the voxels at the edge stand in.
                    let source = pointwiseMin(pointwiseMax(looked, SIMD3(repeating: 0.5)), limits - 0.5)
                    guard all(source .>= from), all(source .<= to) else { continue }
                    (first, last) = (min(first, x), max(last, x))
                }
                guard first <= last else { continue }
                let row = Box(x: Double(first)...Double(last + 1), y: Double(y)...Double(y + 1), slice: z)
                found = found?.union(row) ?? row
            }
        }
        return found
    }
}

extension Volume {
    /// The image through a displacement field: linear between voxel centres, clamped at the edge, as
    /// `scipy.ndimage.map_coordinates(order=1, mode='nearest')`; labels take `.nearest`. Grid and geometry stay.
    ///
    /// - Throws: `TransformError` when a voxel is NaN or infinite or the field is for another grid.
    public func warped(
        by field: DisplacementField, interpolation: Interpolation = .linear, workers: Workers = .single
    ) throws(TransformError) -> Volume {
        guard (field.shape.depth, field.shape.height, field.shape.width) == (shape.depth, shape.height, shape.width)
        else { throw TransformError(.invalidOption, "the field is for \(field.shape) voxels, the image has \(shape)") }
        try requireFinite()
        let (width, height, isNearest) = (shape.width, shape.height, interpolation == .nearest)
        let result = warpedRows(workers) { row in
            field.withRows(at: (row.z * height + row.y) * width) { dx, dy, dz in
                hk_warp_field(
                    row.input, &row.grid, row.output, width, dx, dy, dz, Int64(row.y), Int64(row.z), isNearest ? 1 : 0)
            }
        }
        var warped = with(voxels: result, shape: shape, geometry: geometry)
        // Beyond half a slice another one is nearer, here and there.
        if field.reach.z > 0.5 { warped.attributes.sliceSources = [] }
        return warped
    }
}

extension DisplacementField {
    fileprivate func withRows(
        at place: Int, _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>) -> Void
    ) {
        components[0].withUnsafeBufferPointer { x in
            components[1].withUnsafeBufferPointer { y in
                components[2].withUnsafeBufferPointer { z in
                    body(x.baseAddress! + place, y.baseAddress! + place, z.baseAddress! + place)
                }
            }
        }
    }
}
