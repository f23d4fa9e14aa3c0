public import Parallel
public import Volumes

/// What stands where voxels were taken away.
public enum Covering: String, Sendable, CaseIterable {
    case zero
    /// The mean of the image, or of each sequence.
    case mean
    /// Normal noise with mean and standard deviation of the image, or of each sequence.
    case noise
}

extension Volume {
    /// Takes voxels away, in all channels.
    ///
    /// - Parameters:
    ///   - mask: on the grid of this volume; where it is not 0.
    ///   - field: where noise comes from.
    /// - Throws: `TransformError` when a voxel is NaN or infinite or the mask is on another grid.
    public mutating func cover(
        _ mask: Mask, with covering: Covering, field: RandomField, workers: Workers = .single
    ) throws(TransformError) {
        guard mask.labels.count == shape.voxelCount else {
            throw TransformError(.invalidOption, "the mask is for \(mask.shape) voxels, the image has \(shape)")
        }
        let means =
            covering == .zero
            ? [0] : try measured { volume throws(TransformError) in Float(try volume.mean()) }
        let deviations =
            covering == .noise
            ? try measured { volume throws(TransformError) in Float(try volume.deviation()) } : means
        try requireFinite()
        let sequenceLength = shape.count / means.count
        let (count, length, voxelCount) = (shape.count, 1 << 14, shape.voxelCount)
        let noise =
            covering != .noise
            ? []
            : [Float](unsafeUninitializedCapacity: count) { values, initialized in
                field.normal(count, into: values.baseAddress!, workers)
                initialized = count
            }
        changeVoxels { values in
            let target = Destination(start: values)
            workers.forEach((count + length - 1) / length) { part in
                for place in part * length..<min((part + 1) * length, count)
                where mask.labels[place % voxelCount] != 0 {
                    let sequence = place / sequenceLength
                    target.start[place] =
                        covering == .noise ? means[sequence] + deviations[sequence] * noise[place] : means[sequence]
                }
            }
        }
    }
}
