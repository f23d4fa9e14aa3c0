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
    public private(set) var storage: Voxels
    public let shape: Shape
    public var geometry: Geometry
    public var modality: Modality
    public var attributes: Attributes

    /// - Precondition: `storage.count == shape.count`; readers check sizes before they come here.
    public init(
        storage: Voxels, shape: Shape, geometry: Geometry, modality: Modality = .other, attributes: Attributes = .init()
    ) {
        precondition(storage.count == shape.count, "\(storage.count) voxels for shape \(shape)")
        self.storage = storage
        self.shape = shape
        self.geometry = geometry
        self.modality = modality
        self.attributes = attributes
    }

    public init(
        voxels: [Float], shape: Shape, geometry: Geometry, modality: Modality = .other, attributes: Attributes = .init()
    ) {
        self.init(
            storage: .floats(voxels), shape: shape, geometry: geometry, modality: modality, attributes: attributes)
    }

    /// All values. When the volume holds words, each call makes a new array: loops take `storage.copy` or `slice`.
    public var voxels: [Float] { storage.floats }

    /// The same voxels' description (modality, attributes) around new voxels on a new grid.
    public func with(voxels: [Float], shape: Shape, geometry: Geometry) -> Volume {
        with(storage: .floats(voxels), shape: shape, geometry: geometry)
    }

    public func with(storage: Voxels, shape: Shape, geometry: Geometry) -> Volume {
        Volume(storage: storage, shape: shape, geometry: geometry, modality: modality, attributes: attributes)
    }

    /// Changes the voxels in place (no copy when this volume is the only owner of floats); their number stays.
    public mutating func withMutableVoxels<R, E: Error>(
        _ body: (inout MutableSpan<Float>) throws(E) -> R
    ) throws(E) -> R {
        var values = takeFloats()
        defer { storage = .floats(values) }
        var span = values.mutableSpan
        return try body(&span)
    }

    /// Changes each value by a rule that looks at nothing but the value. `body` sees every voxel, or the table of what
    /// words stand for: the result is the same, and 65,536 values are fewer.
    public mutating func mapValues<R, E: Error>(_ body: (inout MutableSpan<Float>) throws(E) -> R) throws(E) -> R {
        guard case .words(let words, let values) = storage else { return try withMutableVoxels(body) }
        var table = values.table
        storage = .floats([])
        defer { storage = .words(words, WordValues(table)) }
        var span = table.mutableSpan
        return try body(&span)
    }

    /// One slice of one channel, row-major `[height, width]`.
    public func slice(_ index: Int, channel: Int = 0) -> ArraySlice<Float> {
        let start = (channel * shape.depth + index) * shape.sliceCount
        let range = start..<start + shape.sliceCount
        if case .floats(let values) = storage { return values[range] }
        return [Float](unsafeUninitializedCapacity: range.count) { buffer, count in
            if let base = buffer.baseAddress { storage.copy(range, to: base) }
            count = range.count
        }[...]
    }

    /// The floats, leaving none behind, so that there is one owner.
    private mutating func takeFloats() -> [Float] {
        let values = storage.floats
        storage = .floats([])
        return values
    }
}
