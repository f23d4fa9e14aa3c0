public import Volumes

/// What nnU-Net's CTNormalization knows of the foreground of a data set, or here of one image: mean, standard deviation
/// (population), and the 0.5 and 99.5 percentiles (numpy's 'linear'), of voxels as they are, before any clipping.
///
/// Source: Isensee et al., "nnU-Net" (2021); its `default_normalization_schemes.py` and `fingerprint_extractor.py`.
public struct IntensityProperties: Sendable, Hashable {
    public var mean: Double
    public var deviation: Double
    /// 0.5 percentile.
    public var lower: Double
    /// 99.5 percentile.
    public var upper: Double

    public init(mean: Double, deviation: Double, lower: Double, upper: Double) {
        (self.mean, self.deviation, self.lower, self.upper) = (mean, deviation, lower, upper)
    }

    /// Of the voxels where `foreground` is not 0.
    ///
    /// - Throws: `TransformError` when the mask is empty or on another grid, or a voxel in it is NaN or infinite.
    public init(of volume: Volume, foreground: Mask) throws(TransformError) {
        let sample = try Sample(volume.storage, in: try volume.set(foreground))
        let bounds = sample.percentiles([0.5, 99.5])
        self.init(mean: sample.mean, deviation: sample.deviation, lower: bounds[0], upper: bounds[1])
    }
}

extension Volume {
    /// A mask as a set of this volume's voxels, one byte each.
    ///
    /// - Throws: `TransformError` when it is on a grid of another size, or has no voxel.
    func set(_ mask: Mask) throws(TransformError) -> [UInt8] {
        try checkGrid(of: mask)
        guard mask.boundingBox != nil else {
            throw TransformError(.unusableMask, "the mask marks no voxel; nothing can be measured in it")
        }
        return mask.labels
    }

    /// - Throws: `TransformError` when a mask has not as many voxels as this volume along each axis.
    public func checkGrid(of mask: Mask) throws(TransformError) {
        guard mask.shape.depth == shape.depth, mask.shape.height == shape.height, mask.shape.width == shape.width
        else {
            throw TransformError(
                .unusableMask, "the mask is \(mask.shape) voxels and the image \(shape); resample one to the other")
        }
    }
}
