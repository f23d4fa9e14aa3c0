import CKernels
public import Parallel
public import Volumes

extension Volume {
    /// Gamma: `least + range ((v - least) / range)^exponent`, with least and range of the image, which both stay.
    ///
    /// In double precision, with a power made of plain arithmetic (`CKernels/elementary.h`): the same bits on every
    /// processor, and within one rounding of numpy's.
    ///
    /// - Parameter exponent: above 0; below 1 brightens the dark.
    /// - Returns: false when the image is constant; it stays as it is then.
    /// - Throws: `TransformError` when a voxel is NaN or infinite or the exponent is not above 0.
    public mutating func applyGamma(_ exponent: Double, workers: Workers = .single) throws(TransformError) -> Bool {
        guard exponent > 0, exponent <= 10 else {
            throw TransformError(.invalidOption, "the exponent \(exponent) is not in (0, 10]")
        }
        let extremes = try valueRange()
        let (least, range) = (Double(extremes.lowerBound), Double(extremes.upperBound) - Double(extremes.lowerBound))
        guard range > 0 else { return false }
        changeParts(workers) { hk_gamma($0, $1, least, range, exponent) }
        return true
    }
}
