public import Volumes

extension Volume {
    /// Cuts or fills each axis to a size. Voxels stay where they are in the patient.
    ///
    /// - Parameters:
    ///   - offset: index, in this volume, of the result's first voxel along x, y, z; negative pads before.
    ///   - fill: value of voxels that this volume does not have.
    public func cropped(offset: SIMD3<Int>, depth: Int, height: Int, width: Int, fill: Float) -> Volume {
        let target = Shape(channels: shape.channels, depth: depth, height: height, width: width)
        var result = [Float](repeating: fill, count: target.count)
        let columns = max(0, offset.x)..<max(max(0, offset.x), min(shape.width, offset.x + width))
        for channel in 0..<shape.channels {
            for z in 0..<depth where (0..<shape.depth).contains(z + offset.z) {
                for y in 0..<height where (0..<shape.height).contains(y + offset.y) {
                    let source =
                        ((channel * shape.depth + z + offset.z) * shape.height + y + offset.y) * shape.width
                    let destination = ((channel * depth + z) * height + y) * width - offset.x
                    guard !columns.isEmpty else { continue }
                    result.withUnsafeMutableBufferPointer { buffer in
                        storage.copy(
                            source + columns.lowerBound..<source + columns.upperBound,
                            to: buffer.baseAddress! + destination + columns.lowerBound)
                    }
                }
            }
        }
        var cut = with(voxels: result, shape: target, geometry: geometry.shifted(byVoxels: SIMD3<Double>(offset)))
        cut.attributes.takeSources(
            ofSlices: (0..<depth).map { (0..<shape.depth).contains($0 + offset.z) ? $0 + offset.z : nil },
            from: shape.depth)
        return cut
    }

    /// Cuts or fills around the centre. An odd difference puts the extra voxel at the end.
    public func centered(depth: Int, height: Int, width: Int, fill: Float) -> Volume {
        func offset(_ from: Int, _ to: Int) -> Int { from >= to ? (from - to) / 2 : -((to - from) / 2) }
        return cropped(
            offset: [offset(shape.width, width), offset(shape.height, height), offset(shape.depth, depth)],
            depth: depth, height: height, width: width, fill: fill)
    }

    /// Each slice to `height` x `width`: resampled with one scale for both axes so that nothing is distorted, and
    /// padded around the centre ("letterbox"). Pixels that are not as high as wide in the patient become so.
    ///
    /// - Throws: `TransformError` when the result would be too large.
    public func letterboxed(
        height: Int, width: Int, fill: Float, interpolation: Interpolation = .linear, antialias: Bool = true
    ) throws(TransformError) -> Volume {
        // Height of a slice in widths of its pixels.
        let rows = Double(shape.height) * geometry.pixelAspect
        let ratio = min(Double(height) / rows, Double(width) / Double(shape.width))
        let inner = try resampled(
            depth: shape.depth, height: max(1, Int((rows * ratio).rounded())),
            width: max(1, Int((Double(shape.width) * ratio).rounded())), interpolation: interpolation,
            antialias: antialias)
        return inner.centered(depth: shape.depth, height: height, width: width, fill: fill)
    }
}
