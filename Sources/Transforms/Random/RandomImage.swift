import CKernels
import Parallel
public import Volumes

// What the transforms of this folder have in common.

extension Volume {
    /// - Throws: `TransformError` naming how many voxels are NaN or infinite.
    func requireFinite() throws(TransformError) { try storage.checkFinite() }

    /// Least and greatest value.
    /// - Throws: `TransformError` when a voxel is NaN or infinite.
    public func valueRange() throws(TransformError) -> ClosedRange<Float> {
        let sample = try Sample(storage)
        return sample.least...sample.greatest
    }

    /// Mean over all voxels.
    /// - Throws: `TransformError` when a voxel is NaN or infinite.
    public func mean() throws(TransformError) -> Double { try Sample(storage).mean }

    /// Population standard deviation over all voxels; the same bits on every processor.
    /// - Throws: `TransformError` when a voxel is NaN or infinite.
    public func deviation() throws(TransformError) -> Double {
        let (mean, values) = (try mean(), voxels)
        return (hk_squares(values, values.count, mean) / Double(values.count)).squareRoot()
    }

    /// The width of the image's intensities without outliers: percentile 99.5 less percentile 0.5; where these meet, as in an
    /// image that is mostly background, greatest less least value. 0 only for constant images.
    ///
    /// - Throws: `TransformError` when a voxel is NaN or infinite.
    public func spread() throws(TransformError) -> Double {
        let bounds = try Sample(storage).percentiles([0.5, 99.5, 0, 100])
        return bounds[1] > bounds[0] ? bounds[1] - bounds[0] : bounds[3] - bounds[2]
    }

    /// What is measured of each sequence of a stack by itself, as sequences have no scale in common, and of any other image
    /// as a whole.
    public func measured<Value>(
        _ body: (Volume) throws(TransformError) -> Value
    ) throws(TransformError) -> [Value] {
        guard case .sequences = attributes.channelAxis else { return [try body(self)] }
        var values: [Value] = []
        for index in 0..<shape.channels { values.append(try body(channel(index))) }
        return values
    }

    /// Of what was measured or drawn, one for all or one for each sequence, that of each channel.
    ///
    /// - Throws: `TransformError` when there are other numbers of them.
    func byChannel<Value>(_ values: [Value]) throws(TransformError) -> [Value] {
        guard values.count == 1 || values.count == shape.channels else {
            throw TransformError(.invalidOption, "\(values.count) values for \(shape.channels) channels")
        }
        return (0..<shape.channels).map { values.count == 1 ? values[0] : values[$0] }
    }

    /// Changes the voxels through a pointer to all of them.
    mutating func changeVoxels(_ body: (UnsafeMutablePointer<Float>) -> Void) {
        withMutableVoxels { span in
            span.withUnsafeMutableBufferPointer { buffer in
                if let start = buffer.baseAddress { body(start) }
            }
        }
    }

    /// The same in parts that threads share, for what looks at one voxel at a time.
    mutating func changeParts(_ workers: Workers, _ body: @Sendable (UnsafeMutablePointer<Float>, Int) -> Void) {
        let (count, length) = (shape.count, 1 << 16)
        changeVoxels { values in
            let target = Destination(start: values)
            workers.forEach((count + length - 1) / length) { part in
                body(target.start + part * length, min(length, count - part * length))
            }
        }
    }
}
