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
    /// Values from `lower` to `upper`, HU for CT, to [0, 1], clipped outside.
    case range(lower: Double, upper: Double)
    /// nnU-Net's CTNormalization: clip to [lower, upper], then `(x - mean) / max(deviation, 1e-8)`.
    case foreground(IntensityProperties)
    /// The range of so many bits, or of BitsStored, to [0, 1]: `x / 65535` for 16 bits without sign. Values that were
    /// rescaled go by what the rescale made of that range. MONOCHROME1 inverted last, so that bright is dense on every image.
    case radiograph(bits: Int?)
}

extension Volume {
    /// Normalises intensities of all voxels and channels.
    ///
    /// - Parameter mask: voxels that least, greatest, mean, deviation and percentiles are taken of; nil takes all. What
    ///   is outside is mapped too.
    /// - Returns: false when the image (in the mask) is constant; every voxel is 0 then and a warning is due.
    /// - Throws: `TransformError` for NaN or infinite voxels, crossed limits, a mask that is empty or on another grid, or a
    ///   radiograph without BitsStored, or of values that its bits tell no range of.
    public mutating func normalize(_ method: Normalization, within mask: Mask? = nil) throws(TransformError) -> Bool {
        var set: [UInt8]?
        if let mask { set = try self.set(mask) }
        let all = try Sample(storage)
        let sample = set == nil ? all : try Sample(storage, in: set)
        switch method {
        case .minMax:
            return scale(from: Double(sample.least), to: Double(sample.greatest))
        case .percentile(let lower, let upper):
            guard lower < upper, lower >= 0, upper <= 100 else {
                throw TransformError(.invalidOption, "percentiles \(lower) and \(upper) do not rise within [0, 100]")
            }
            let bounds = sample.percentiles([lower, upper])
            return scale(from: bounds[0], to: bounds[1])
        case .zScore:
            let (mean, deviation) = (sample.mean, sample.deviation)
            let isConstant = deviation <= 1e-8 * max(abs(mean), 1e-30)
            apply(offset: mean, scale: isConstant ? 0 : 1 / deviation, within: -.infinity ... .infinity)
            return !isConstant
        case .range(let lower, let upper):
            guard lower < upper, lower.isFinite, upper.isFinite else {
                throw TransformError(.invalidOption, "the range from \(lower) to \(upper) does not rise")
            }
            _ = scale(from: lower, to: upper)
            return all.least < all.greatest
        case .foreground(let properties):
            try apply(properties)
            return all.least < all.greatest
        case .radiograph(let bits):
            try normalizeRadiograph(bits)
            return all.least < all.greatest
        }
    }

    /// MONOCHROME1 to MONOCHROME2 on intensities in [0, 1]: afterwards high is bright. Others stay as they are.
    public mutating func invertIfMonochrome1() {
        guard attributes.polarity == .brightIsLow else { return }
        apply(offset: 1, scale: -1, within: 0...1)
        attributes.polarity = .brightIsHigh
    }

    private mutating func normalizeRadiograph(_ bits: Int?) throws(TransformError) {
        guard let bits = bits ?? attributes.bitsStored else {
            throw TransformError(
                .missingInformation,
                "the image tells no BitsStored; give bits, or use `normalize: { method: percentile }` instead")
        }
        guard let rescale = attributes.appliedRescale else {
            throw TransformError(
                .missingInformation,
                "bits tell no range of values that a table, several slopes or a normalisation made; "
                    + "use `normalize: { method: percentile }` instead")
        }
        let lower = attributes.isSigned ? -Double(1 << (bits - 1)) : 0
        let ends = [lower, lower + Double((1 << bits) - 1)].map { rescale.slope * $0 + rescale.intercept }
        apply(offset: min(ends[0], ends[1]), scale: 1 / abs(ends[1] - ends[0]), within: 0...1)
        invertIfMonochrome1()
    }

    private mutating func apply(_ properties: IntensityProperties) throws(TransformError) {
        let (lower, upper) = (properties.lower, properties.upper)
        guard lower <= upper, [lower, upper, properties.mean].allSatisfy(\.isFinite), properties.deviation >= 0 else {
            throw TransformError(
                .invalidOption,
                "needs limits that rise and a deviation of at least 0, found \(lower), \(upper), \(properties.deviation)"
            )
        }
        apply(offset: 0, scale: 1, within: Float(lower)...Float(upper))
        apply(
            offset: properties.mean, scale: 1 / max(properties.deviation, 1e-8), within: -.infinity ... .infinity)
    }

    /// Maps [lower, upper] to [0, 1] with clipping; a range that is not positive gives 0 everywhere and false.
    mutating func scale(from lower: Double, to upper: Double) -> Bool {
        guard upper > lower else {
            apply(offset: lower, scale: 0, within: 0...0)
            return false
        }
        apply(offset: lower, scale: 1 / (upper - lower), within: 0...1)
        return true
    }

    /// `(x - offset) * scale`, clipped.
    private mutating func apply(offset: Double, scale: Double, within range: ClosedRange<Float>) {
        mapValues { span in
            span.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                hk_affine_clamp(
                    base, buffer.count, offset, scale, Double(range.lowerBound), Double(range.upperBound))
            }
        }
        attributes.forgetScale()
    }
}
