public import Parallel
public import Volumes

extension Volume {
    /// The volume on another grid, each of whose voxel centres is found through patient space (LPS mm) and interpolated
    /// from its eight neighbours. Within half a voxel of the outermost centres the edge is continued; beyond stands
    /// `fill`.
    ///
    /// Equals `scipy.ndimage.affine_transform(order=1, mode="nearest")` inside the volume.
    ///
    /// - Parameter shape: sizes of the new grid; its channels are those of this volume.
    /// - Throws: `.missingInformation` for degenerate steps.
    public func resampled(
        onto geometry: Geometry, shape: Shape, fill: Float = 0, workers: Workers = .single
    ) throws(TransformError) -> Volume {
        guard let start = self.geometry.index(ofPosition: geometry.origin),
            let x = self.geometry.index(ofPosition: geometry.origin + geometry.steps[0]),
            let y = self.geometry.index(ofPosition: geometry.origin + geometry.steps[1]),
            let z = self.geometry.index(ofPosition: geometry.origin + geometry.steps[2])
        else {
            throw TransformError(.missingInformation, "the axes of the image are parallel, or a voxel size is zero")
        }
        let size = Shape(
            channels: self.shape.channels, depth: shape.depth, height: shape.height, width: shape.width)
        let source = GridSource(voxels: voxels, shape: self.shape, fill: fill)
        let rows = size.channels * size.depth * size.height
        let voxels = [Float](unsafeUninitializedCapacity: size.count) { buffer, count in
            let out = Destination(start: buffer.baseAddress!)
            workers.forEach(rows) { row in
                let plane = row / size.height
                let place = start + (y - start) * Double(row % size.height) + (z - start) * Double(plane % size.depth)
                source.fillRow(
                    out.start + row * size.width, count: size.width, channel: plane / size.depth, from: place,
                    step: x - start)
            }
            count = size.count
        }
        return with(voxels: voxels, shape: size, geometry: geometry)
    }
}

private struct GridSource: Sendable {
    let voxels: [Float]
    let shape: Shape
    let fill: Float

    /// - Parameters:
    ///   - place: index `(x, y, z)` of the row's first voxel in the source, `step` from one to the next.
    func fillRow(
        _ out: UnsafeMutablePointer<Float>, count: Int, channel: Int, from place: SIMD3<Double>, step: SIMD3<Double>
    ) {
        voxels.withUnsafeBufferPointer { all in
            let voxels = all.baseAddress! + channel * shape.voxelCount
            let last = SIMD3(Double(shape.width - 1), Double(shape.height - 1), Double(shape.depth - 1))
            for column in 0..<count {
                let index = place + step * Double(column)
                // A hair of tolerance: faces of grids that meet are computed by different sums.
                let low = index .< SIMD3(repeating: -0.5 - 1e-6)
                let high = index .> last + (0.5 + 1e-6)
                guard !any(low .| high) else {
                    out[column] = fill
                    continue
                }
                out[column] = value(at: index.clamped(lowerBound: .zero, upperBound: last), voxels)
            }
        }
    }

    /// - Parameter index: within the outermost centres.
    private func value(at index: SIMD3<Double>, _ voxels: UnsafePointer<Float>) -> Float {
        let base = SIMD3<Int>(index.rounded(.down))
        let part = SIMD3<Float>(index - SIMD3<Double>(base))
        let right = base.x + 1 < shape.width ? 1 : 0
        let down = base.y + 1 < shape.height ? shape.width : 0
        let next = base.z + 1 < shape.depth ? shape.sliceCount : 0
        let start = voxels + (base.z * shape.height + base.y) * shape.width + base.x
        func along(_ offset: Int) -> Float { start[offset] + (start[offset + right] - start[offset]) * part.x }
        let (a, b, c, d) = (along(0), along(down), along(next), along(next + down))
        let (near, far) = (a + (b - a) * part.y, c + (d - c) * part.y)
        return near + (far - near) * part.z
    }
}
