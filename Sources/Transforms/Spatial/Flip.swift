public import Volumes

/// An axis of the voxel grid.
public enum Axis: String, Sendable, CaseIterable {
    case x, y, z

    public var index: Int { self == .x ? 0 : self == .y ? 1 : 2 }
}

extension Volume {
    /// Reverses the order of voxels along an axis. The geometry goes with it: each value stays at its place in the
    /// patient.
    public func flipped(_ axis: Axis) -> Volume {
        var permuted = geometry
        let last = Double([shape.width, shape.height, shape.depth][axis.index] - 1)
        permuted.origin = geometry.origin + geometry.steps[axis.index] * last
        permuted.steps[axis.index] = -geometry.steps[axis.index]
        let (depth, height, width) = (shape.depth, shape.height, shape.width)
        let rearranged = storage.rearranged(rows: shape.count / width, length: width) { row in
            let (plane, y) = row.quotientAndRemainder(dividingBy: height)
            let (channel, z) = plane.quotientAndRemainder(dividingBy: depth)
            let sourceZ = axis == .z ? depth - 1 - z : z
            let start = ((channel * depth + sourceZ) * height + (axis == .y ? height - 1 - y : y)) * width
            return axis == .x ? (start + width - 1, -1) : (start, 1)
        }
        var flipped = with(storage: rearranged, shape: shape, geometry: permuted)
        if axis == .z { flipped.attributes.reverseSlices() }
        return flipped
    }
}

extension Attributes {
    /// What is said slice by slice follows the slices.
    mutating func reverseSlices() {
        sliceSources.reverse()
        if rescales.count > 1 { rescales.reverse() }
    }
}
