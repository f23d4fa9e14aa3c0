import CKernels
import Parallel
import Volumes

/// A filter along one axis of an image whose spectrum is weighted line by line: what an MR scanner does that measures the
/// lines of k-space along this axis at different times.
///
/// Weighting the spectrum is a circular convolution with the inverse Fourier transform of the weights. Along one axis of some
/// hundred voxels it is done as such: no transform of the image is needed, and the sums are in one order whatever the threads.
struct PhaseEncoding: Sendable {
    let axis: Axis
    let count: Int
    /// Real and imaginary part of `h[n] = 1/N sum over k of weight(k) exp(2 pi i k n / N)`.
    let real: [Float]
    let imaginary: [Float]

    /// - Parameter weight: of each line k, from `-(count / 2)` in ascending order; `count` values.
    init(axis: Axis, weights: [Double]) {
        let count = weights.count
        (self.axis, self.count) = (axis, count)
        var (sine, cosine) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
        for turn in 0..<count { hk_sine_cosine(Double(turn) / Double(count), &sine[turn], &cosine[turn]) }
        var (real, imaginary) = ([Float](), [Float]())
        for n in 0..<count {
            var (a, b) = (0.0, 0.0)
            for (line, weight) in weights.enumerated() where weight != 0 {
                let k = (line - count / 2 + count) % count
                a += weight * cosine[k * n % count]
                b += weight * sine[k * n % count]
            }
            real.append(Float(a / Double(count)))
            imaginary.append(Float(b / Double(count)))
        }
        (self.real, self.imaginary) = (real, imaginary)
    }

    /// Convolves every line along the axis.
    ///
    /// - Parameters:
    ///   - input: `shape.count` values.
    ///   - output: other memory of the same size.
    ///   - adds: whether to add to what is there.
    func run(
        _ kernel: [Float], _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ shape: Shape,
        adds: Bool, _ workers: Workers
    ) {
        let (source, target) = (Destination(start: UnsafeMutablePointer(mutating: input)), Destination(start: output))
        // Place k + t holds h[(N - 1 - k - t) mod N], so that the weights of each output lie one after another.
        let doubled = (0..<2 * count).map { kernel[(2 * count - 1 - $0) % count] }
        let (width, flag): (Int, Int32) = (shape.width, adds ? 1 : 0)
        switch axis {
        case .x:
            let weights = Array(doubled[(count - 1)...])
            workers.forEach(shape.count / width) { row in
                let line = UnsafeBufferPointer(start: source.start + row * width, count: width)
                let twice = Array(line) + Array(line)
                hk_convolve(twice, 1, target.start + row * width, width, weights, count, flag)
            }
        case .y, .z:
            let isRows = axis == .y
            let step = isRows ? width : shape.sliceCount
            workers.forEach(isRows ? shape.channels * shape.depth : shape.channels * shape.height) { index in
                let (channel, row) = index.quotientAndRemainder(dividingBy: shape.height)
                let start = isRows ? index * shape.sliceCount : channel * shape.voxelCount + row * width
                doubled.withUnsafeBufferPointer { doubled in
                    for n in 0..<count {
                        hk_convolve(
                            source.start + start, step, target.start + start + n * step, width,
                            doubled.baseAddress! + count - 1 - n, count, flag)
                    }
                }
            }
        }
    }
}
