public import Volumes

extension Volume {
    /// Stored values to output values by the header's Modality LUT, when there is one, which is then used up. It
    /// stands in place of slope and intercept. Source: PS3.3 C.11.1.1; the same as pydicom's `apply_modality_lut`.
    ///
    /// - Throws: `TransformError` when voxels are no stored values any more, because something has changed them.
    public mutating func applyModalityLUT() throws(TransformError) {
        guard let table = attributes.modalityLUT else { return }
        // A table's words that do not occur tell nothing, but they are whole as long as the others are.
        guard mapValues({ span in span.indices.allSatisfy { span[$0].rounded() == span[$0] } }) else {
            throw TransformError(
                .missingInformation, "the Modality LUT is for stored values; put rescale before what changes values")
        }
        mapValues { span in
            for index in span.indices { span[index] = table(span[index]) }
        }
        (attributes.modalityLUT, attributes.appliedRescale) = (nil, nil)
    }
}
