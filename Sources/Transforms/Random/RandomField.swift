internal import CKernels
import Parallel

/// A random value for each voxel, made from its number alone: threads may make them in any order.
///
/// Voxels go in groups of 256: voxel `i` of group `g` takes word `i / 64` of the Philox block `64 g + i % 64`. Uniform values
/// are 24 bits of the word. Normal ones come in pairs from two words by the formula of Box and Muller, with Cephes'
/// polynomials for logarithm, sine and cosine in single precision: additions, products and a square root, which IEEE 754
/// rounds in one way, and nothing contracted. No mathematical library is asked, and every processor gives the same bits.
public struct RandomField: Sendable {
    let stream: hk_stream
    /// Values of one call: whole groups.
    private static let length = 1 << 16

    /// Uniform in (-1, 1).
    func uniform(_ count: Int, into out: UnsafeMutablePointer<Float>, _ workers: Workers) {
        parts(count, out, workers) { stream, group, count, out in hk_random_uniform(&stream, group, count, out) }
    }

    /// Standard normal.
    func normal(_ count: Int, into out: UnsafeMutablePointer<Float>, _ workers: Workers) {
        parts(count, out, workers) { stream, group, count, out in hk_random_normal(&stream, group, count, out) }
    }

    /// Adds normal values of a standard deviation.
    func addNormal(
        _ deviation: Float, to values: UnsafeMutablePointer<Float>, count: Int, _ workers: Workers
    ) {
        parts(count, values, workers) { stream, group, count, out in
            hk_add_normal(&stream, group, count, deviation, out)
        }
    }

    private func parts(
        _ count: Int, _ out: UnsafeMutablePointer<Float>, _ workers: Workers,
        _ body: @Sendable (inout hk_stream, UInt64, Int, UnsafeMutablePointer<Float>) -> Void
    ) {
        let target = Destination(start: out)
        workers.forEach((count + Self.length - 1) / Self.length) { part in
            var stream = stream
            let start = part * Self.length
            body(&stream, UInt64(start / 256), min(Self.length, count - start), target.start + start)
        }
    }
}
