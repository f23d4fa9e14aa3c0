import CKernels
public import Volumes

extension Volume {
    /// Stored values to the unit that the header states (HU for CT): `slope * stored + intercept`, slice by slice
    /// when the slopes differ (PET), or through the Modality LUT that stands in their place. Voxels in the padding range become `fill` first.
    ///
    /// Computed in double precision and rounded once. Source: PS3.3 C.11.1.1.2; NIfTI-1 `scl_slope`.
    ///
    /// - Parameter fill: value in output units for padding voxels; nil takes the least value outside padding.
    /// - Throws: `TransformError` when the number of rescales is neither one nor the number of slices, or when a Modality LUT
    ///   meets values that are no stored values any more.
    public mutating func applyRescale(paddingFill fill: Float? = nil) throws(TransformError) {
        let rescales = attributes.rescales
        let paddingRange = attributes.padding
        let isPadding = paddingRange.map { range in voxels.map { range.contains($0) } }
        try applyModalityLUT()
        if !rescales.isEmpty {
            guard rescales.count == 1 || rescales.count == shape.depth else {
                throw TransformError(
                    .missingInformation, "\(rescales.count) rescale slopes for \(shape.depth) slices")
            }
            guard rescales.allSatisfy({ $0.slope.isFinite && $0.intercept.isFinite && $0.slope != 0 }) else {
                throw TransformError(.invalidOption, "a rescale slope is zero or not finite")
            }
            let (depth, slice) = (shape.depth, shape.sliceCount)
            withMutableVoxels { span in
                span.withUnsafeMutableBufferPointer { buffer in
                    guard let base = buffer.baseAddress else { return }
                    if rescales.count == 1 {
                        hk_rescale(base, buffer.count, rescales[0].slope, rescales[0].intercept)
                    } else {
                        for plane in 0..<buffer.count / slice {
                            let rescale = rescales[plane % depth]
                            hk_rescale(base + plane * slice, slice, rescale.slope, rescale.intercept)
                        }
                    }
                }
            }
        }
        if let isPadding, isPadding.contains(true) {
            let least = zip(voxels, isPadding).lazy.filter { !$1 }.map(\.0).min()
            let value = fill ?? least ?? 0
            withMutableVoxels { span in
                for index in isPadding.indices where isPadding[index] { span[index] = value }
            }
        }
        attributes.rescales = []
        attributes.padding = nil
    }
}
