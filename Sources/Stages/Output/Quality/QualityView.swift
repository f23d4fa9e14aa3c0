import Transforms
import Volumes

/// What a quality page shows of an image at one point of its way: slices through its middle, and how often values occur.
///
/// Values are in output units (the header's rescale is applied to what is looked at). Of several channels the first is
/// shown; colours are shown as such.
struct QualityView: Sendable {
    /// `[channels, depth, height, width]`
    let shape: [Int]
    /// mm along x, y, z; nil where pixels have no size.
    let spacing: [Double]?
    let unit: String?
    /// Least and greatest of the voxels that were looked at.
    let extent: ClosedRange<Float>
    let histogram: Histogram
    /// Pixels `[height, width, channels]` of the slices side by side: along z, and for volumes along y and x.
    let picture: Thumbnails

    /// - Parameter showsWindow: values as a viewer shows them, otherwise as they are within [0, 1].
    /// - Throws: `TransformError` when the header's rescale cannot be applied.
    init(_ volume: Volume) throws(TransformError) {
        var volume = volume
        if volume.attributes.hasStoredValues { try volume.applyRescale() }
        let shape = volume.shape
        self.shape = [shape.channels, shape.depth, shape.height, shape.width]
        let size = volume.geometry.spacing
        spacing = volume.geometry.isPhysical ? [size.x, size.y, size.z] : nil
        unit = volume.attributes.unit
        let sample = Self.sample(of: volume)
        extent = sample.isEmpty ? 0...0 : sample[0]...sample[sample.count - 1]
        histogram = Histogram(sorted: sample)
        let range = Self.display(of: volume, histogram)
        picture = Thumbnails(volume, from: range.lowerBound, to: range.upperBound)
    }

    /// Values of voxels of the first channel spread evenly over it, at most 65,536, in ascending order. NaN and infinity
    /// are left out.
    private static func sample(of volume: Volume) -> [Float] {
        let count = volume.shape.voxelCount
        var step = max(1, count / 65536)
        // A step that shares a factor with the width would see the same columns again and again.
        while step > 1, divisor(step, volume.shape.width) > 1 { step += 1 }
        var values: [Float] = []
        values.reserveCapacity(count / step + 1)
        for index in stride(from: 0, to: count, by: step) {
            let value = volume.storage.value(at: index)
            if value.isFinite { values.append(value) }
        }
        return values.sorted()
    }

    private static func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }

    /// [0, 1] for intensities within it, colours by their bits, otherwise the header's window or the 0.5 to 99.5
    /// percentiles.
    private static func display(of volume: Volume, _ histogram: Histogram) -> ClosedRange<Float> {
        let (low, high) = (histogram.percentile(0), histogram.percentile(100))
        if low >= 0, high <= 1 { return 0...1 }
        if volume.attributes.channelAxis == .color, let bits = volume.attributes.bitsStored, bits < 17 {
            return 0...Float((1 << bits) - 1)
        }
        if let window = volume.attributes.windows.first, window.width >= 1 {
            let (low, high) = (Float(window.center - window.width / 2), Float(window.center + window.width / 2))
            // Far from 0 the two may be the same number, or none.
            if low < high, low.isFinite, high.isFinite { return low...high }
        }
        return histogram.percentile(0.5)...histogram.percentile(99.5)
    }
}
