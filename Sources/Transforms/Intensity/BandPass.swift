public import Parallel
public import Volumes

/// What a Butterworth band-pass lets through: `H(f) = 1 / ((1 + (low / f)^2n) (1 + (f / high)^2n))`, without phase.
///
/// `f` is the length of the frequency vector, of two axes (slice by slice) or three. Borders reflect half a sample beyond the
/// last voxels (numpy's 'symmetric', SciPy's 'reflect'), without end: the filter multiplies cosine coefficients, and no
/// width of padding has to be chosen. Axes whose lengths have prime factors beyond 5 are first continued by reflection at
/// their end (`CosineTransform`).
public struct BandPass: Sendable {
    public enum Unit: String, Sendable, CaseIterable {
        /// Cycles per voxel, up to 0.5 along each axis.
        case pixel
        /// Cycles per mm.
        case mm
    }

    /// Half of a wave of this frequency comes through, in cycles per `unit`; 0 keeps all low ones.
    public var low: Double
    /// The same at the upper end; nil keeps all high ones.
    public var high: Double?
    /// `n`, at least 1: the edges fall by 6n dB an octave.
    public var order: Int
    public var unit: Unit
    /// 2: each slice by itself. 3: the volume.
    public var dimensions: Int
    /// The mean of what is filtered, a slice or the volume, is the same afterwards. Otherwise it is 0 whenever `low` is
    /// above 0.
    public var keepsMean: Bool

    public init(
        low: Double, high: Double?, order: Int = 2, unit: Unit = .pixel, dimensions: Int = 2, keepsMean: Bool = true
    ) {
        (self.low, self.high, self.order, self.unit) = (low, high, order, unit)
        (self.dimensions, self.keepsMean) = (dimensions, keepsMean)
    }
}

extension Volume {
    /// Filters every channel.
    ///
    /// - Throws: `TransformError` for NaN or infinite voxels, a band that is none, or cycles per mm where voxels have no
    ///   physical size.
    public mutating func bandPass(_ band: BandPass, workers: Workers = .single) throws(TransformError) {
        guard band.low >= 0, band.low.isFinite, band.high.map({ $0 > band.low && $0.isFinite }) ?? true else {
            throw TransformError(
                .invalidOption, "the band from \(band.low) to \(band.high ?? .infinity) does not rise from at least 0")
        }
        guard (1...16).contains(band.order), band.dimensions == 2 || band.dimensions == 3 else {
            throw TransformError(.invalidOption, "needs an order of 1 to 16 and 2 or 3 dimensions")
        }
        guard band.unit == .pixel || geometry.isPhysical else {
            throw TransformError(.missingInformation, "cycles per mm need voxels of a physical size; use unit: pixel")
        }
        try storage.checkFinite()
        let (channels, depth, isVolume) = (shape.channels, shape.depth, band.dimensions == 3)
        let block = isVolume ? shape.voxelCount : shape.sliceCount
        let filter = BlockFilter(band, shape, band.unit == .mm ? geometry.spacing : .one)
        withMutableVoxels { span in
            span.withUnsafeMutableBufferPointer { buffer in
                let voxels = Destination(start: buffer.baseAddress!)
                // The slices of one volume are shared by the threads, or slices by themselves are.
                if isVolume {
                    for channel in 0..<channels { filter.run(voxels.start + channel * block, workers) }
                } else {
                    workers.forEach(channels * depth) { filter.run(voxels.start + $0 * block, .single) }
                }
            }
        }
        attributes.forgetWindows()
    }
}
