public import Parallel
public import Volumes

/// Ghosts along the phase-encoding axis: a patient who moves with every n-th line of k-space (breath, pulse) appears n times.
///
/// Every n-th line `k` (`k mod n = 0`) is weighted by `1 - intensity`; the middle of k-space, `|k| <= restore N / 2`, stays, so
/// that the image keeps its brightness. Source: TorchIO, `RandomGhosting` (Pérez-García et al. 2021).
public struct Ghosting: Sendable {
    public var axis: Axis
    /// How many ghosts: at least 2.
    public var ghosts: Int
    /// Share of each line that is lost, in [0, 1].
    public var intensity: Double
    /// Share of k-space that is restored, in [0, 1].
    public var restore: Double

    public init(axis: Axis, ghosts: Int, intensity: Double, restore: Double = 0.02) {
        (self.axis, self.ghosts, self.intensity, self.restore) = (axis, ghosts, intensity, restore)
    }

    /// For each line, from `-(count / 2)`.
    func weights(count: Int) -> [Double] {
        (0..<count).map { line in
            let k = line - count / 2
            return k % ghosts == 0 && Double(abs(k)) > restore * Double(count) / 2 ? 1 - intensity : 1
        }
    }
}

extension Volume {
    /// Weights of a line and of its mirror image are the same, and so the result is real without taking a part of it; the
    /// line of the highest frequency is its own mirror image.
    ///
    /// - Throws: `TransformError` when a voxel is NaN or infinite, the axis has a single voxel or a parameter is out of range.
    public mutating func apply(_ ghosting: Ghosting, workers: Workers = .single) throws(TransformError) {
        let count = [shape.width, shape.height, shape.depth][ghosting.axis.index]
        guard count > 1 else {
            throw TransformError(.invalidOption, "the axis \(ghosting.axis.rawValue) has one voxel: no ghosts along it")
        }
        guard ghosting.ghosts >= 2, (0...1).contains(ghosting.intensity), (0...1).contains(ghosting.restore) else {
            throw TransformError(.invalidOption, "ghosting needs 2 ghosts or more, intensity and restore in [0, 1]")
        }
        try requireFinite()
        let filter = PhaseEncoding(axis: ghosting.axis, weights: ghosting.weights(count: count))
        let (input, shape) = (floats(workers), shape)
        let result = [Float](unsafeUninitializedCapacity: shape.count) { output, initialized in
            adviseHugePages(output.baseAddress!, byteCount: shape.count * 4)
            filter.run(filter.real, input, output.baseAddress!, shape, adds: false, workers)
            initialized = shape.count
        }
        self = with(voxels: result, shape: shape, geometry: geometry)
    }
}
