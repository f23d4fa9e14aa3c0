internal import CKernels

/// A label per voxel on the grid of a volume: `[depth, height, width]`, 0 is background.
public struct Mask: Sendable {
    public let labels: [UInt8]
    public let shape: Shape
    public var geometry: Geometry

    /// - Precondition: one channel and `labels.count == shape.voxelCount`.
    public init(labels: [UInt8], shape: Shape, geometry: Geometry) {
        precondition(shape.channels == 1 && labels.count == shape.voxelCount, "\(labels.count) labels for \(shape)")
        (self.labels, self.shape, self.geometry) = (labels, shape, geometry)
    }

    /// The smallest box around every voxel that is not background, or nil when there is none.
    public var boundingBox: Box? {
        var (first, last) = ([0, 0, 0], [0, 0, 0])
        guard hk_set_extent(labels, [shape.width, shape.height, shape.depth], &first, &last) != 0 else { return nil }
        return Box(
            lower: [Double(first[0]), Double(first[1]), Double(first[2])],
            upper: [Double(last[0] + 1), Double(last[1] + 1), Double(last[2] + 1)])
    }

    /// The labels as voxels, for transforms that move images; with nearest-neighbour interpolation nothing is lost.
    public var volume: Volume { Volume(voxels: labels.map(Float.init), shape: shape, geometry: geometry) }

    /// - Precondition: one channel of whole numbers in 0...255, as `volume` gives them.
    public init(_ volume: Volume) {
        self.init(labels: volume.voxels.map(UInt8.init), shape: volume.shape, geometry: volume.geometry)
    }
}
