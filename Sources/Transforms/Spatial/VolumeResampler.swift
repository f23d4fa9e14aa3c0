import Parallel
import Volumes

/// The work of a separable resampling, apart from what it means.
struct VolumeResampler: Sendable {
    let source: Voxels
    let shape: Shape
    let x: AxisResampling
    let y: AxisResampling
    let z: AxisResampling

    /// Slices of the result, in all channels.
    private var planeCount: Int { shape.channels * z.count }
    private var planeSize: Int { x.count * y.count }

    /// - Parameter output: room for channels x `z.count` x `y.count` x `x.count` values.
    func run(into output: UnsafeMutablePointer<Float>, _ workers: Workers) {
        let planes = planeCount
        // Neighbouring outputs share input slices, so each worker takes a run of them; a few runs each even out.
        let runs = min(planes, workers.count == 1 ? 1 : 4 * workers.count)
        let target = Destination(start: output)
        workers.forEach(runs) { run in
            var slices = SliceRun(self)
            for plane in planes * run / runs..<planes * (run + 1) / runs {
                slices.make(plane, into: target.start + plane * planeSize)
            }
        }
    }

    /// The result slice by slice, when it is read. Nil where that would not pay: each run of slices makes anew what it
    /// shares with the one before, and a result that is not known to be finite is read once more to see.
    var deferred: DeferredVoxels? {
        // Sums of finite values with weights that sum to 1 are finite, short of the end of the type's range.
        guard z.taps <= 4 + 2 * z.inputCount / z.count, source.values(within: -1e30...1e30) else { return nil }
        return DeferredVoxels(count: planeCount * planeSize, areFinite: true) {
            var (slices, held, heldPlane) = (SliceRun(self), [Float](repeating: 0, count: planeSize), -1)
            return { range, out in
                var next = range.lowerBound
                while next < range.upperBound {
                    let (plane, offset) = next.quotientAndRemainder(dividingBy: planeSize)
                    let count = min(planeSize - offset, range.upperBound - next)
                    let place = out + (next - range.lowerBound)
                    if count == planeSize {
                        slices.make(plane, into: place)
                    } else {
                        // A slice that two ranges share is made once.
                        if plane != heldPlane {
                            held.withUnsafeMutableBufferPointer { slices.make(plane, into: $0.baseAddress!) }
                            heldPlane = plane
                        }
                        held.withUnsafeBufferPointer {
                            place.update(from: $0.baseAddress! + offset, count: count)
                        }
                    }
                    next += count
                }
            }
        }
    }
}

extension Voxels {
    /// Whether all values are known to lie within a range, without looking at each.
    fileprivate func values(within range: ClosedRange<Float>) -> Bool {
        guard case .words(_, let values) = self else { return false }
        return values.table.allSatisfy(range.contains)
    }
}
