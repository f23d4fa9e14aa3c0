public import Parallel
public import Volumes

extension Volume {
    /// Adds independent normal noise to each voxel: `v + deviation z`.
    ///
    /// - Parameters:
    ///   - deviation: standard deviation in the image's unit, at least 0.
    ///   - field: where z comes from; the same noise whatever the number of workers.
    /// - Throws: `TransformError` when a voxel is NaN or infinite or the deviation is negative.
    public mutating func addNoise(
        deviation: Double, field: RandomField, workers: Workers = .single
    ) throws(TransformError) {
        guard deviation >= 0, deviation.isFinite else {
            throw TransformError(.invalidOption, "the deviation \(deviation) is not at least 0")
        }
        try requireFinite()
        let count = shape.count
        changeVoxels { field.addNormal(Float(deviation), to: $0, count: count, workers) }
    }
}
