import CKernels
public import Parallel
public import Volumes

extension Volume {
    /// Brightness: `v + delta`, in the image's unit.
    ///
    /// - Throws: `TransformError` when a voxel is NaN or infinite.
    public mutating func brighten(by delta: Double, workers: Workers = .single) throws(TransformError) {
        try requireFinite()
        apply(scale: 1, offset: delta)
    }

    /// Contrast: `mean + factor (v - mean)` with the mean over all voxels, so that it stays.
    ///
    /// - Parameter factor: 1 changes nothing, 0 leaves the mean alone.
    /// - Throws: `TransformError` when a voxel is NaN or infinite.
    public mutating func changeContrast(by factor: Double, workers: Workers = .single) throws(TransformError) {
        let mean = try mean()
        apply(scale: factor, offset: mean - factor * mean)
    }

    /// Works on the table where the volume holds words.
    private mutating func apply(scale: Double, offset: Double) {
        mapValues { span in
            span.withUnsafeMutableBufferPointer { buffer in
                guard let start = buffer.baseAddress else { return }
                hk_shift(start, buffer.count, Float(scale), Float(offset), .nan, -.infinity)
            }
        }
    }
}
