public import Parallel
public import Volumes

/// A patient who moves while k-space is measured, line after line along one axis.
///
/// Lines from `times[j]` to `times[j + 1]` (shares of the acquisition) are those of the image moved by `movements[j]`; before
/// `times[0]` it lies still. Source: Shaw et al., "MRI k-space motion artefact augmentation", MIDL 2019; TorchIO, `RandomMotion`.
public struct Motion: Sendable {
    /// Phase encoding: lines are measured from `-N/2` upwards.
    public var axis: Axis
    /// Ascending, in (0, 1).
    public var times: [Double]
    public var movements: [AffineWarp]

    public init(axis: Axis, times: [Double], movements: [AffineWarp]) {
        (self.axis, self.times, self.movements) = (axis, times, movements)
    }

    /// Positions and the lines measured in each. The position in which the middle of k-space is measured counts as the image's
    /// own, so that what is drawn on the image stays where it is.
    func positions(count: Int) -> [(movement: AffineWarp, lines: Range<Int>)] {
        let bounds = [0] + times.map { Int(($0 * Double(count)).rounded()) } + [count]
        let positions = zip([AffineWarp()] + movements, zip(bounds, bounds.dropFirst())).map { movement, lines in
            (movement: movement, lines: lines.0..<lines.1)
        }
        return positions.filter { !$0.lines.isEmpty }.map { position in
            position.lines.contains(count / 2) ? (AffineWarp(), position.lines) : position
        }
    }
}

extension Volume {
    /// The magnitude of what the scanner would reconstruct.
    ///
    /// - Throws: `TransformError` when a voxel is NaN, infinite or negative, the axis has one voxel or times do not ascend.
    public mutating func apply(_ motion: Motion, workers: Workers = .single) throws(TransformError) {
        let count = [shape.width, shape.height, shape.depth][motion.axis.index]
        guard count > 1 else {
            throw TransformError(.invalidOption, "the axis \(motion.axis.rawValue) has one voxel: no lines to measure")
        }
        guard motion.times.count == motion.movements.count, motion.times.allSatisfy({ $0 > 0 && $0 < 1 }),
            zip(motion.times, motion.times.dropFirst()).allSatisfy({ $0 <= $1 })
        else { throw TransformError(.invalidOption, "motion needs a movement for each time, and times that ascend") }
        guard try valueRange().lowerBound >= 0 else {
            throw TransformError(
                .invalidOption,
                "motion works on magnitudes, which are never negative; put it before what centres values")
        }
        let shape = shape
        var real = [Float](repeating: 0, count: shape.count)
        var imaginary = real
        for (movement, lines) in motion.positions(count: count) {
            let filter = PhaseEncoding(axis: motion.axis, weights: (0..<count).map { lines.contains($0) ? 1 : 0 })
            let moved = movement.isIdentity ? self : try warped(by: movement, workers: workers)
            let values = moved.floats(workers)
            real.withUnsafeMutableBufferPointer {
                filter.run(filter.real, values, $0.baseAddress!, shape, adds: true, workers)
            }
            imaginary.withUnsafeMutableBufferPointer {
                filter.run(filter.imaginary, values, $0.baseAddress!, shape, adds: true, workers)
            }
        }
        for index in real.indices {
            // Squares of Float32 run over from 1e19 on, and vanish below 1e-22.
            let (a, b) = (Double(real[index]), Double(imaginary[index]))
            real[index] = Float((a * a + b * b).squareRoot())
        }
        self = with(voxels: real, shape: shape, geometry: geometry)
    }
}
