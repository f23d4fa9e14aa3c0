import CKernels
import Volumes

/// Slices of a resampled volume, one after another: the input slices that the next one shares with this are kept,
/// resampled along their rows and columns.
struct SliceRun {
    private let resampler: VolumeResampler
    private var plane: PlaneResampler
    /// Input slices on the new rows and columns, by their place in the source.
    private var ready: [Int: [Float]] = [:]

    init(_ resampler: VolumeResampler) {
        self.resampler = resampler
        plane = PlaneResampler(x: resampler.x, y: resampler.y)
    }

    /// - Parameters:
    ///   - index: a slice of the result, counted through all channels; fastest in ascending order.
    ///   - output: room for a slice.
    mutating func make(_ index: Int, into output: UnsafeMutablePointer<Float>) {
        let (source, z) = (resampler.source, resampler.z)
        if z.isIdentity { return plane.resample(source, slice: index, into: output) }
        let size = resampler.x.count * resampler.y.count
        let (channel, slice) = index.quotientAndRemainder(dividingBy: z.count)
        let first = channel * resampler.shape.depth + Int(z.start[slice])
        var unused = ready.keys.filter { $0 < first }.compactMap { ready.removeValue(forKey: $0) }
        let taps = (0..<z.taps).filter { z.taps == 1 || z.weights[slice * z.taps + $0] != 0 }
        for tap in taps where ready[first + tap] == nil {
            var values = unused.popLast() ?? [Float](repeating: 0, count: size)
            values.withUnsafeMutableBufferPointer {
                plane.resample(source, slice: first + tap, into: $0.baseAddress!)
            }
            ready[first + tap] = values
        }
        combine(taps.map { (ready[first + $0]!, z.weights[slice * z.taps + $0]) }, into: output, count: size)
    }

    private func combine(
        _ slices: [(values: [Float], weight: Float)], into out: UnsafeMutablePointer<Float>, count: Int
    ) {
        switch slices.count {
        case 2: hk_blend(out, slices[0].values, slices[1].values, count, slices[0].weight, slices[1].weight)
        default:
            // As many sums at once as stay in the processor's cache while slice after slice is added.
            let block = 2048
            for start in stride(from: 0, to: count, by: block) {
                for (index, slice) in slices.enumerated() {
                    slice.values.withUnsafeBufferPointer {
                        hk_accumulate(
                            out + start, $0.baseAddress! + start, min(block, count - start), slice.weight,
                            index == 0 ? 1 : 0)
                    }
                }
            }
        }
    }
}
