import CKernels
public import Volumes

extension Volume {
    /// The voxels that the header marks as padding in every channel; nil when there are none, or when the padding has been
    /// filled (`applyRescale`). Source: PS3.3 C.7.5.1.1.2.
    public var paddingMask: Mask? {
        guard let range = attributes.padding else { return nil }
        var set = [UInt8](repeating: 1, count: shape.voxelCount)
        for channel in 0..<shape.channels {
            let padding = marks(channel * shape.voxelCount..<(channel + 1) * shape.voxelCount, within: range)
            hk_intersect_sets(&set, padding, set.count)
        }
        guard hk_count_set(set, set.count) > 0 else { return nil }
        return Mask(
            labels: set, shape: Shape(depth: shape.depth, height: shape.height, width: shape.width), geometry: geometry)
    }

    /// Whether any voxel is marked as padding still.
    public var holdsPadding: Bool {
        guard let range = attributes.padding else { return false }
        return hk_count_set(marks(0..<shape.count, within: range), shape.count) > 0
    }

    /// 1 for each value of a stretch that lies in a range. NaN lies in none.
    func marks(_ stretch: Range<Int>, within range: ClosedRange<Float>) -> [UInt8] {
        let piece = 1 << 16
        var values = [Float](repeating: 0, count: min(piece, stretch.count))
        return [UInt8](unsafeUninitializedCapacity: stretch.count) { buffer, filled in
            for start in stride(from: 0, to: stretch.count, by: piece) {
                let count = min(piece, stretch.count - start)
                let first = stretch.lowerBound + start
                values.withUnsafeMutableBufferPointer { storage.copy(first..<first + count, to: $0.baseAddress!) }
                hk_mark_between(values, count, range.lowerBound, range.upperBound, buffer.baseAddress! + start)
            }
            filled = stretch.count
        }
    }
}
