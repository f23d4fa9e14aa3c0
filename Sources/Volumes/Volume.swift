/// Sizes of a volume in voxels, slowest axis first: `[channels, depth, height, width]`.
public struct Shape: Sendable, Hashable, CustomStringConvertible {
    public var channels: Int
    public var depth: Int
    public var height: Int
    public var width: Int

    public init(channels: Int = 1, depth: Int, height: Int, width: Int) {
        (self.channels, self.depth, self.height, self.width) = (channels, depth, height, width)
    }

    /// Number of values, all channels counted.
    public var count: Int { channels * depth * height * width }
    /// Number of voxels in one channel.
    public var voxelCount: Int { depth * height * width }
    /// Number of pixels in one slice of one channel.
    public var sliceCount: Int { height * width }

    public var description: String {
        (channels == 1 ? "" : "\(channels) x ") + "\(depth) x \(height) x \(width)"
    }
}

/// An image of any dimension up to three, with channels: Float32 voxels `[channels, depth, height, width]`,
/// x fastest, and the place of each voxel in the patient. A radiograph is a volume of depth 1.
///
/// Values only, no I/O: every reader makes one, every writer takes one.
public struct Volume: Sendable {
    /// `shape.count` values in the order of `Shape`.
    public private(set) var voxels: [Float]
    public let shape: Shape
    public var geometry: Geometry
    public var modality: Modality
    public var attributes: Attributes

    /// - Precondition: `voxels.count == shape.count`; readers check sizes before they come here.
    public init(
        voxels: [Float], shape: Shape, geometry: Geometry, modality: Modality = .other, attributes: Attributes = .init()
    ) {
        precondition(voxels.count == shape.count, "\(voxels.count) voxels for shape \(shape)")
        self.voxels = voxels
        self.shape = shape
        self.geometry = geometry
        self.modality = modality
        self.attributes = attributes
    }

    /// The same voxels' description (modality, attributes) around new voxels on a new grid.
    public func with(voxels: [Float], shape: Shape, geometry: Geometry) -> Volume {
        Volume(voxels: voxels, shape: shape, geometry: geometry, modality: modality, attributes: attributes)
    }

    /// Changes the voxels in place (no copy when this volume is the only owner); their number stays.
    public mutating func withMutableVoxels<R, E: Error>(
        _ body: (inout MutableSpan<Float>) throws(E) -> R
    ) throws(E) -> R {
        var span = voxels.mutableSpan
        return try body(&span)
    }

    /// One slice of one channel, row-major `[height, width]`.
    public func slice(_ index: Int, channel: Int = 0) -> ArraySlice<Float> {
        let start = (channel * shape.depth + index) * shape.sliceCount
        return voxels[start..<start + shape.sliceCount]
    }
}
