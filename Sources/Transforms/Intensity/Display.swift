public import Volumes

extension Volume {
    /// Intensities in [0, 1] as a viewer shows them: the first window of the header, where it has none its first VOI LUT,
    /// and the 0.5 to 99.5 percentiles where it has neither; MONOCHROME1 inverted last. Colours keep their range of BitsStored.
    ///
    /// Values must be in output units (`applyRescale`).
    /// - Returns: false when the image is constant.
    public mutating func applyDisplay() throws(TransformError) -> Bool {
        if attributes.channelAxis == .color, let bits = attributes.bitsStored {
            let greatest = Float((1 << bits) - 1)
            mapValues { span in for index in span.indices { span[index] /= greatest } }
            return true
        }
        var varies = true
        if let window = attributes.windows.first {
            try apply(window)
        } else if let table = attributes.voiLUTs.first {
            try apply(table)
        } else {
            varies = try normalize(.percentile(lower: 0.5, upper: 99.5))
        }
        invertIfMonochrome1()
        return varies
    }
}
