import CKernels
public import Parallel
public import Volumes

/// Where the voxels of a result shall lie: sizes and their place in space.
public struct Grid: Sendable, Hashable {
    /// Its `channels` mean nothing: images keep their own.
    public var shape: Shape
    public var geometry: Geometry

    public init(shape: Shape, geometry: Geometry) { (self.shape, self.geometry) = (shape, geometry) }

    /// That of a volume.
    public init(_ volume: Volume) { self.init(shape: volume.shape, geometry: volume.geometry) }

    /// The same extent in voxels of another size, edge-aligned as everywhere: `round(n s / s')` of them.
    /// - Parameter spacing: mm along x, y, z.
    public func withSpacing(_ spacing: SIMD3<Double>) -> Grid {
        let scale = spacing / geometry.spacing
        func size(_ count: Int, _ axis: Int) -> Int { max(1, Int(min(Double(count) / scale[axis], 1e9).rounded())) }
        return Grid(
            shape: Shape(depth: size(shape.depth, 2), height: size(shape.height, 1), width: size(shape.width, 0)),
            geometry: geometry.scaled(by: scale))
    }
}

extension Volume {
    /// Onto any grid in the same space, turned and sheared against this one as it may be.
    ///
    /// Trilinear (or nearest) at each voxel's centre. Within half a voxel of the outermost centres the edge is repeated;
    /// beyond that is `fill`. Where the grid's spacing is at least 1.5 times this volume's along one of its axes, and
    /// `antialias` is true, that axis is brought to the coarser spacing first, by the filter of `resampled(toSpacing:)`.
    ///
    /// - Throws: `TransformError` when either geometry is degenerate, the result would be too large, or a voxel that would be
    ///   blended with others is NaN or infinite.
    public func resampled(
        onto grid: Grid, isNearest: Bool = false, antialias: Bool = true, fill: Float = 0, workers: Workers = .single
    ) throws(TransformError) -> Volume {
        let target = Shape(
            channels: shape.channels, depth: grid.shape.depth, height: grid.shape.height, width: grid.shape.width)
        guard Double(target.channels) * Double(target.depth) * Double(target.sliceCount) <= 0x1p33 else {
            throw TransformError(.tooLarge, "\(target) voxels would not fit in memory")
        }
        if !isNearest { try requireFinite() }
        let source = antialias && !isNearest ? try shrunk(for: grid.geometry, workers) : self
        guard let index = AffineTransform(source.geometry).inverse else {
            throw TransformError(.missingInformation, "the image's axes do not span space: its geometry is degenerate")
        }
        let map = index.after(AffineTransform(grid.geometry))
        let sizes = [source.shape.width, source.shape.height, source.shape.depth]
        let step = [map.columns[0].x, map.columns[0].y, map.columns[0].z]
        let values = source.floats(workers)
        let result = [Float](unsafeUninitializedCapacity: target.count) { output, initialized in
            adviseHugePages(output.baseAddress!, byteCount: target.count * 4)
            let out = Destination(start: output.baseAddress!)
            workers.forEach(target.channels * target.depth) { plane in
                let (channel, z) = plane.quotientAndRemainder(dividingBy: target.depth)
                values.withUnsafeBufferPointer { values in
                    for y in 0..<target.height {
                        let start = map([0, Double(y), Double(z)])
                        hk_resample_oblique_row(
                            values.baseAddress! + channel * source.shape.voxelCount, sizes,
                            [start.x, start.y, start.z], step, target.width, isNearest ? 1 : 0, fill,
                            out.start + (plane * target.height + y) * target.width)
                    }
                }
            }
            initialized = target.count
        }
        var volume = with(voxels: result, shape: target, geometry: grid.geometry)
        // No acquired slice stands behind a slice of the new grid.
        volume.attributes.sliceSources = []
        return volume
    }

    /// Along each axis no finer than the grid that it is to be sampled on needs.
    private func shrunk(for target: Geometry, _ workers: Workers) throws(TransformError) -> Volume {
        guard geometry.isPhysical else { return self }
        let wanted = (0..<3).map { axis in
            // The spacing of the grid's axis that runs most nearly along this one.
            let along = (0..<3).max { left, right in
                abs(target.direction[left].dot(geometry.direction[axis]))
                    < abs(target.direction[right].dot(geometry.direction[axis]))
            }!
            let (own, new) = (geometry.spacing[axis], target.spacing[along])
            return new >= 1.5 * own ? new : own
        }
        let spacing = SIMD3(wanted[0], wanted[1], wanted[2])
        return spacing == geometry.spacing ? self : try resampled(toSpacing: spacing, workers: workers)
    }
}
