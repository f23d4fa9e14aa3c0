public import Parallel
public import Volumes

extension Volume {
    /// Blur by a Gaussian, each channel by itself; equals `scipy.ndimage.gaussian_filter` (mode 'reflect') to 1e-5 of the
    /// range.
    ///
    /// - Parameters:
    ///   - sigma: voxels along x, y, z, each in [0, 100]; 0 leaves an axis alone.
    ///   - truncate: where the filter ends, in sigmas.
    /// - Throws: `TransformError` when a voxel is NaN or infinite or a sigma is out of range.
    public mutating func blur(
        sigma: SIMD3<Double>, truncate: Double = 4, workers: Workers = .single
    ) throws(TransformError) {
        guard (0..<3).allSatisfy({ sigma[$0] >= 0 && sigma[$0] <= 100 }), truncate > 0, truncate <= 10 else {
            throw TransformError(
                .invalidOption, "a blur of \(sigma.x), \(sigma.y), \(sigma.z) voxels is not in [0, 100]")
        }
        try requireFinite()
        let (smoothing, shape) = (GaussianSmoothing(sigma: sigma, truncate: truncate), shape)
        changeVoxels { smoothing.run($0, shape, workers) }
    }
}
