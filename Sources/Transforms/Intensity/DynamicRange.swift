import CKernels
public import Volumes

/// What `normalizeDynamicRange` found in an image.
public struct DynamicRange: Sendable, Hashable {
    /// The values, in the image's unit, that became 0 and 1.
    public var lower: Double
    public var upper: Double
    /// The two cannot be told apart in Float32: the whole image is 0, and a warning is due.
    public var isEmpty: Bool
}

extension Volume {
    /// Dynamic-range-aware normalisation: `clip((x - lo) / (hi - lo), 0, 1)`, with `lo` and `hi` percentiles over valid
    /// voxels, by numpy's definition 'linear' (rank `(n - 1) q / 100`). Words are counted exactly, floats go through two
    /// histograms; either way the percentiles are those of all values, never of bins.
    ///
    /// Values that are stored still are rescaled first, and what the header marks as padding is left out.
    ///
    /// - Parameters:
    ///   - lower, upper: percent, in [0, 100], rising.
    ///   - invalid: more voxels to leave out of the percentiles; they are mapped all the same.
    /// - Throws: `TransformError` for NaN or infinite voxels, crossed percentiles, a mask on another grid, or when no voxel
    ///   is valid.
    public mutating func normalizeDynamicRange(
        lower: Double = 1, upper: Double = 99.8, invalid: Mask? = nil
    ) throws(TransformError) -> DynamicRange {
        guard lower < upper, lower >= 0, upper <= 100 else {
            throw TransformError(.invalidOption, "percentiles \(lower) and \(upper) do not rise within [0, 100]")
        }
        let padding = paddingMask
        try applyRescale()
        var valid: [UInt8]?
        for mask in [padding, invalid].compactMap(\.self) {
            try checkGrid(of: mask)
            var known = valid ?? [UInt8](repeating: 1, count: mask.labels.count)
            hk_subtract_sets(&known, mask.labels.map { $0 == 0 ? 0 : 1 }, known.count)
            valid = known
        }
        let sample = try Sample(storage, in: valid)
        let bounds = sample.percentiles([lower, upper])
        let resolution = Double(max(abs(Float(bounds[0])), abs(Float(bounds[1]))).ulp)
        let isEmpty = bounds[1] - bounds[0] <= 4 * resolution
        _ = scale(from: bounds[0], to: isEmpty ? bounds[0] : bounds[1])
        return DynamicRange(lower: bounds[0], upper: bounds[1], isEmpty: isEmpty)
    }
}
