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
        var lower = SIMD3<Int>(repeating: .max)
        var upper = SIMD3<Int>(repeating: .min)
        for (offset, label) in labels.enumerated() where label != 0 {
            let index = SIMD3(
                offset % shape.width, offset / shape.width % shape.height, offset / shape.sliceCount)
            lower = pointwiseMin(lower, index)
            upper = pointwiseMax(upper, index)
        }
        guard lower.x <= upper.x else { return nil }
        return Box(lower: SIMD3<Double>(lower), upper: SIMD3<Double>(upper &+ 1))
    }

    /// The labels as voxels, for transforms that move images; with nearest-neighbour interpolation nothing is lost.
    public var volume: Volume { Volume(voxels: labels.map(Float.init), shape: shape, geometry: geometry) }

    /// - Precondition: one channel of whole numbers in 0...255, as `volume` gives them.
    public init(_ volume: Volume) {
        self.init(labels: volume.voxels.map(UInt8.init), shape: volume.shape, geometry: volume.geometry)
    }
}
