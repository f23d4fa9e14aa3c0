import CKernels
public import Parallel
public import Volumes

extension Volume {
    /// Adds a number of HU to every voxel that shows something: `v + hu`, as a scanner that is out of calibration does.
    ///
    /// Padding stays: voxels in the header's padding range where `rescale` has not run, voxels of the value that it filled
    /// padding with where it has, and voxels below a bound. Stored values are shifted by `hu / slope`.
    ///
    /// - Parameters:
    ///   - hu: in [-1000, 1000].
    ///   - least: HU; what lies below is no tissue and no air but padding.
    /// - Throws: `TransformError` when a voxel is NaN or infinite, or when slices have several slopes or a table.
    public mutating func shiftDensity(
        by hu: Double, least: Double = -1024, workers: Workers = .single
    ) throws(TransformError) {
        try requireFinite()
        guard attributes.rescales.count <= 1, attributes.modalityLUT == nil else {
            throw TransformError(
                .missingInformation, "slices have scales of their own; put rescale before density-shift")
        }
        let rescale = attributes.rescales.first ?? Rescale(slope: 1, intercept: 0)
        guard rescale.slope > 0 else {
            throw TransformError(.invalidOption, "the rescale slope is not above 0; put rescale before density-shift")
        }
        let padding = attributes.padding
        let kept = padding == nil ? attributes.paddingFill ?? .nan : .nan
        let (offset, bound) = (Float(hu / rescale.slope), Float((least - rescale.intercept) / rescale.slope))
        mapValues { span in
            span.withUnsafeMutableBufferPointer { buffer in
                guard let start = buffer.baseAddress else { return }
                if let padding {
                    for index in buffer.indices where !padding.contains(buffer[index]) && buffer[index] >= bound {
                        buffer[index] += offset
                    }
                } else {
                    hk_shift(start, buffer.count, 1, offset, kept, bound)
                }
            }
        }
    }
}
