import CKernels
public import Volumes

extension Volume {
    /// 1 where the first channel lies in a range, both ends included; 0 elsewhere.
    ///
    /// - Throws: `TransformError` when voxels are NaN or infinite.
    public func mask(within range: ClosedRange<Float>) throws(TransformError) -> Mask {
        try storage.checkFinite()
        return Mask(
            labels: marks(0..<shape.voxelCount, within: range),
            shape: Shape(depth: shape.depth, height: shape.height, width: shape.width), geometry: geometry)
    }

    /// The threshold that best parts two classes of values, those of the first channel below the 99.5 percentile: a few
    /// bright voxels must not squeeze all others into one bin.
    ///
    /// Source: Otsu, "A threshold selection method from gray-level histograms" (1979), with 256 bins.
    /// - Throws: `TransformError` when voxels are NaN or infinite, or all alike.
    public func otsuThreshold() throws(TransformError) -> Float {
        let values = firstChannel
        let sample = try Sample(.floats(values))
        let (least, upper) = (sample.least, Float(sample.percentiles([99.5])[0]))
        guard upper > least else {
            throw TransformError(
                .missingInformation, "nearly all voxels have the same value: no threshold parts two classes of them")
        }
        let bins = 256
        var counts = [UInt32](repeating: 0, count: bins)
        hk_histogram(values, values.count, least, upper, bins, &counts)
        let total = Double(counts.reduce(0) { $0 + Int($1) })
        let mean = counts.enumerated().reduce(0) { $0 + Double($1.offset) * Double($1.element) } / total
        var (weight, partial, best, threshold) = (0.0, 0.0, -1.0, 0)
        for (bin, count) in counts.enumerated().dropLast() {
            weight += Double(count) / total
            partial += Double(bin) * Double(count) / total
            guard weight > 0, weight < 1 else { continue }
            let between = (mean * weight - partial) * (mean * weight - partial) / (weight * (1 - weight))
            if between > best { (best, threshold) = (between, bin) }
        }
        return least + (upper - least) * Float(threshold + 1) / Float(bins)
    }

    /// Values of the first channel, `[depth, height, width]`.
    var firstChannel: [Float] {
        guard shape.channels > 1 else { return storage.floats }
        return [Float](unsafeUninitializedCapacity: shape.voxelCount) { buffer, count in
            storage.copy(0..<shape.voxelCount, to: buffer.baseAddress!)
            count = shape.voxelCount
        }
    }
}
