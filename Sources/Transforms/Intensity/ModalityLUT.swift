public import Volumes

extension Volume {
    /// Stored values to output values by the header's Modality LUT, when there is one, which is then used up. It
    /// stands in place of slope and intercept. Source: PS3.3 C.11.1.1; the same as pydicom's `apply_modality_lut`.
    public mutating func applyModalityLUT() {
        guard let table = attributes.modalityLUT else { return }
        withMutableVoxels { span in
            for index in span.indices { span[index] = table(span[index]) }
        }
        attributes.modalityLUT = nil
    }
}
