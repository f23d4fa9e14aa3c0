public import Volumes

extension Volume {
    /// Maps output values through a table of the header into [0, 1]. Source: PS3.3 C.11.2.1.1; the same as pydicom's
    /// `apply_voi` over the greatest entry that its bits can tell.
    ///
    /// - Throws: `TransformError` when a voxel is NaN or infinite.
    public mutating func apply(_ table: VOILUT) throws(TransformError) {
        try storage.checkFinite()
        mapValues { span in
            for index in span.indices { span[index] = table(span[index]) }
        }
        attributes.forgetScale()
    }
}
