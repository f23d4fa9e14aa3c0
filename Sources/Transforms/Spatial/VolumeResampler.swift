import CKernels
import Parallel
import Volumes

/// The work of a separable resampling, apart from what it means.
struct VolumeResampler: Sendable {
    let source: Voxels
    let shape: Shape
    let x: AxisResampling
    let y: AxisResampling
    let z: AxisResampling

    /// - Parameter output: room for channels x `z.count` x `y.count` x `x.count` values.
    func run(into output: UnsafeMutablePointer<Float>, _ workers: Workers) {
        let planes = shape.channels * z.count
        // Neighbouring outputs share input slices, so each worker takes a run of them; a few runs each even out.
        let runs = min(planes, workers.count == 1 ? 1 : 4 * workers.count)
        let target = Destination(start: output)
        workers.forEach(runs) { run in
            var plane = PlaneResampler(x: x, y: y)
            resample(planes * run / runs..<planes * (run + 1) / runs, into: target, &plane)
        }
    }

    private func resample(_ planes: Range<Int>, into output: Destination<Float>, _ plane: inout PlaneResampler) {
        let size = x.count * y.count
        if z.isIdentity {
            for index in planes { plane.resample(source, slice: index, into: output.start + index * size) }
            return
        }
        // Input slices that are resampled in the plane, by their place in the source.
        var ready: [Int: [Float]] = [:]
        for index in planes {
            let (channel, slice) = index.quotientAndRemainder(dividingBy: z.count)
            let first = channel * shape.depth + Int(z.start[slice])
            var unused = ready.keys.filter { $0 < first }.compactMap { ready.removeValue(forKey: $0) }
            let taps = (0..<z.taps).filter { z.taps == 1 || z.weights[slice * z.taps + $0] != 0 }
            for tap in taps where ready[first + tap] == nil {
                var values = unused.popLast() ?? [Float](repeating: 0, count: size)
                values.withUnsafeMutableBufferPointer {
                    plane.resample(source, slice: first + tap, into: $0.baseAddress!)
                }
                ready[first + tap] = values
            }
            combine(
                taps.map { (ready[first + $0]!, z.weights[slice * z.taps + $0]) },
                into: output.start + index * size, count: size)
        }
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
