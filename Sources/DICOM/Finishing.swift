import Volumes

/// What happens to stored values once all frames are read, in this order.
struct Finishing {
    /// Applied here when values with different rescales are mixed; one a slice, or one a slice and channel.
    var rescales: [Rescale] = []
    var mosaic: Mosaic?
    var regrid: Regrid?
    /// What comes out; nil when nothing changes it.
    var shape: Shape?

    var isEmpty: Bool { rescales.isEmpty && mosaic == nil && regrid == nil }

    /// - Parameters:
    ///   - volume: stored values on the grid of the frames, described by the finished attributes but for padding.
    ///   - geometry: of the finished volume.
    func apply(_ volume: Volume, geometry: Geometry) -> Volume {
        var (voxels, attributes) = (volume.voxels, volume.attributes)
        var shape = volume.shape
        if !rescales.isEmpty { rescale(&voxels, shape, &attributes) }
        if let mosaic {
            voxels = mosaic.unfolded(voxels, shape)
            attributes.sliceSources = attributes.sliceSources.flatMap { Array(repeating: $0, count: mosaic.tiles) }
            shape = self.shape ?? shape
        }
        if let regrid {
            // Where low values are stored high, air is what is highest.
            let isInverted = (attributes.rescales.first?.slope ?? 1) < 0
            voxels = regrid.apply(voxels, shape, padding: attributes.padding, isInverted: isInverted)
            attributes.takeSources(ofSlices: regrid.slices.map(\.nearest), from: shape.depth)
            shape = regrid.shape
        }
        return Volume(
            voxels: voxels, shape: shape, geometry: geometry, modality: volume.modality, attributes: attributes)
    }

    /// Values into output units. Padding keeps a value of its own, below all others.
    private func rescale(_ voxels: inout [Float], _ shape: Shape, _ attributes: inout Attributes) {
        let padding = attributes.padding
        var least = Float.infinity
        var hasPadding = false
        for index in voxels.indices {
            guard padding?.contains(voxels[index]) != true else {
                (voxels[index], hasPadding) = (.nan, true)
                continue
            }
            let rescale = rescales[index / shape.sliceCount % rescales.count]
            voxels[index] = Float(rescale.slope * Double(voxels[index]) + rescale.intercept)
            least = min(least, voxels[index])
        }
        (attributes.padding, attributes.appliedRescale) = (nil, nil)
        guard hasPadding else { return }
        let mark = least.isFinite ? least.rounded(.down) - max(1, abs(least) / 1024) : -1
        for index in voxels.indices where voxels[index].isNaN { voxels[index] = mark }
        attributes.padding = mark...mark
    }
}
