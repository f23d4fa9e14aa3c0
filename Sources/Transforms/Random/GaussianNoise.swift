public import Parallel
public import Volumes

extension Volume {
    /// Adds independent normal noise to each voxel: `v + deviation z`.
    ///
    /// - Parameters:
    ///   - deviations: standard deviation in the image's unit, at least 0: of all voxels, or of each channel its own.
    ///   - field: where z comes from; the same noise whatever the number of workers.
    /// - Throws: `TransformError` when a voxel is NaN or infinite or a deviation is negative or no Float32.
    public mutating func addNoise(
        deviations: [Double], field: RandomField, workers: Workers = .single
    ) throws(TransformError) {
        for deviation in deviations where !(deviation >= 0 && Float(deviation).isFinite) {
            throw TransformError(
                .invalidOption, "the deviation \(deviation) is not between 0 and what 32-bit voxels can hold")
        }
        let own = try byChannel(deviations).map { Float($0) }
        try requireFinite()
        let (count, length) = (shape.count, shape.voxelCount)
        guard deviations.count > 1 else {
            return changeVoxels { field.addNormal(own[0], to: $0, count: count, workers) }
        }
        var noise = [Float](repeating: 0, count: count)
        noise.withUnsafeMutableBufferPointer { field.normal(count, into: $0.baseAddress!, workers) }
        changeVoxels { values in
            for place in 0..<count { values[place] += own[place / length] * noise[place] }
        }
    }

    /// The same with one standard deviation for all voxels.
    public mutating func addNoise(
        deviation: Double, field: RandomField, workers: Workers = .single
    ) throws(TransformError) {
        try addNoise(deviations: [deviation], field: field, workers: workers)
    }
}
