import Parallel
public import Volumes

/// An image at several resolutions, one channel. Coarser ones are made from finer ones by the antialiasing triangle of
/// `resampled(toSpacing:)`, whose width grows with the step, and hold nothing finer than their voxels.
struct ImageLevels: Sendable {
    /// In the order of the spacings that were asked for.
    let images: [Volume]

    /// - Parameter spacings: mm, descending; axes that are coarser already stay.
    /// - Throws: `TransformError` when there is nothing to register: NaN, infinities, one value everywhere, a single slice,
    ///   no physical spacing.
    init(_ volume: Volume, spacings: [Double], workers: Workers) throws(TransformError) {
        guard volume.geometry.isPhysical else {
            throw TransformError(
                .missingInformation, "registration works in millimetres, and the image has no physical spacing")
        }
        guard min(volume.shape.depth, volume.shape.height, volume.shape.width) >= 2 else {
            throw TransformError(
                .registrationFailed, "registration needs volumes of at least two voxels along each axis")
        }
        var current = volume.channel(0)
        let moments = try Sample(current.storage)
        guard moments.greatest > moments.least else {
            throw TransformError(.registrationFailed, "every voxel of the image has the same value: nothing to align")
        }
        var images: [Volume] = []
        for spacing in spacings.reversed() {
            current = try current.resampled(
                toSpacing: pointwiseMax(current.geometry.spacing, SIMD3(repeating: spacing)), workers: workers)
            images.append(current)
        }
        self.images = images.reversed()
    }
}

extension Volume {
    /// One channel as a volume of its own.
    public func channel(_ index: Int) -> Volume {
        guard shape.channels > 1 else { return self }
        let own = Shape(depth: shape.depth, height: shape.height, width: shape.width)
        let range = index * shape.voxelCount..<(index + 1) * shape.voxelCount
        switch storage {
        case .floats(let values): return with(voxels: Array(values[range]), shape: own, geometry: geometry)
        case .words(let words, let values):
            return with(storage: .words(Array(words[range]), values), shape: own, geometry: geometry)
        case .deferred(let voxels):
            return with(storage: voxels.made, shape: shape, geometry: geometry).channel(index)
        }
    }

    /// Mean position, LPS mm, weighted by how far values lie above the least one. One channel.
    var centerOfMass: SIMD3<Double> {
        let values = voxels
        let least = Double(values.min() ?? 0)
        var (sum, weight) = (SIMD3<Double>.zero, 0.0)
        for (offset, value) in values.enumerated() {
            let mass = Double(value) - least
            sum +=
                SIMD3(
                    Double(offset % shape.width), Double(offset / shape.width % shape.height),
                    Double(offset / shape.sliceCount)) * mass
            weight += mass
        }
        return weight > 0 ? geometry.position(ofIndex: sum / weight) : geometry.center(of: shape)
    }

    /// Values between the 0.1th and the 99.9th percentile: a few bright vessels or a burnt-in mark must not squeeze all
    /// else into one bin. All values where those two are the same.
    ///
    /// - Throws: `.registrationFailed` when all values are the same, as in the few voxels that a very small image has on the
    ///   coarsest level.
    func contrastRange() throws(TransformError) -> ClosedRange<Float> {
        let sample = try Sample(storage)
        let limits = sample.percentiles([0.1, 99.9]).map(Float.init)
        if limits[1] > limits[0] { return limits[0]...limits[1] }
        guard sample.greatest > sample.least else {
            throw TransformError(
                .registrationFailed,
                "at a coarse resolution all voxels of one of the images have the same value: it is too small or too uniform to "
                    + "align; is its voxel size right?")
        }
        return sample.least...sample.greatest
    }
}
