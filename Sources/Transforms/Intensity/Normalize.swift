import CKernels
public import Volumes

/// Ways to bring intensities of different scanners onto one scale.
public enum Normalization: Sendable {
    /// Least to 0, greatest to 1.
    case minMax
    /// Mean to 0, standard deviation (population) to 1.
    case zScore
    /// The `lower` percentile to 0, the `upper` to 1, clipped outside. Percentiles as numpy's 'linear'.
    case percentile(lower: Double, upper: Double)
    /// The range that BitsStored allows to [0, 1]; MONOCHROME1 inverted last, so that bright is dense on every image.
    case radiograph
}

extension Volume {
    /// Normalises intensities over all voxels and channels.
    ///
    /// - Returns: false when the image is constant; every voxel is 0 then and a warning is due.
    /// - Throws: `TransformError` for NaN or infinite voxels, crossed percentiles, or a radiograph without BitsStored.
    public mutating func normalize(_ method: Normalization) throws(TransformError) -> Bool {
        let moments = try Moments(storage)
        let (least, greatest) = (moments.least, moments.greatest)
        switch method {
        case .minMax:
            return scale(from: Double(least), to: Double(greatest))
        case .percentile(let lower, let upper):
            guard lower < upper, lower >= 0, upper <= 100 else {
                throw TransformError(.invalidOption, "percentiles \(lower) and \(upper) do not rise within [0, 100]")
            }
            let bounds = try percentiles([lower, upper], of: storage)
            return scale(from: bounds[0], to: bounds[1])
        case .zScore:
            let (mean, deviation) = (moments.mean, moments.deviation(storage))
            let isConstant = deviation <= 1e-8 * max(abs(mean), 1e-30)
            apply(offset: mean, scale: isConstant ? 0 : 1 / deviation, within: -.infinity ... .infinity)
            return !isConstant
        case .radiograph:
            guard let bits = attributes.bitsStored else {
                throw TransformError(
                    .missingInformation,
                    "the image tells no BitsStored; use `normalize: { method: percentile }` instead")
            }
            let lower = attributes.isSigned ? -Double(1 << (bits - 1)) : 0
            let range = Double((1 << bits) - 1)
            apply(offset: lower, scale: 1 / range, within: 0...1)
            invertIfMonochrome1()
            return least < greatest
        }
    }

    /// MONOCHROME1 to MONOCHROME2 on intensities in [0, 1]: afterwards high is bright. Others stay as they are.
    public mutating func invertIfMonochrome1() {
        guard attributes.polarity == .brightIsLow else { return }
        apply(offset: 1, scale: -1, within: 0...1)
        attributes.polarity = .brightIsHigh
    }

    /// Maps [lower, upper] to [0, 1] with clipping; a range that is not positive gives 0 everywhere and false.
    private mutating func scale(from lower: Double, to upper: Double) -> Bool {
        guard upper > lower else {
            apply(offset: lower, scale: 0, within: 0...0)
            return false
        }
        apply(offset: lower, scale: 1 / (upper - lower), within: 0...1)
        return true
    }

    private mutating func apply(offset: Double, scale: Double, within range: ClosedRange<Float>) {
        mapValues { span in
            span.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                hk_affine_clamp(base, buffer.count, Float(offset), Float(scale), range.lowerBound, range.upperBound)
            }
        }
        attributes.windows = []
        attributes.unit = nil
    }
}
