public import Volumes

extension Volume {
    /// Stored values to output values by the header's Modality LUT, when there is one, which is then used up. It
    /// stands in place of slope and intercept. Source: PS3.3 C.11.1.1; the same as pydicom's `apply_modality_lut`.
    ///
    /// - Throws: `TransformError` when voxels are no stored values any more, because something has changed them.
    public mutating func applyModalityLUT() throws(TransformError) {
        guard let table = attributes.modalityLUT else { return }
        guard voxels.allSatisfy({ $0.rounded() == $0 }) else {
            throw TransformError(
                .missingInformation, "the Modality LUT is for stored values; put rescale before what changes values")
        }
        withMutableVoxels { span in
            for index in span.indices { span[index] = table(span[index]) }
        }
        attributes.modalityLUT = nil
    }
}
