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
        var result = [Float]()
        result.reserveCapacity(shape.count)
        for channel in 0..<shape.channels {
            for z in 0..<shape.depth {
                let sourceZ = axis == .z ? shape.depth - 1 - z : z
                for y in 0..<shape.height {
                    let sourceY = axis == .y ? shape.height - 1 - y : y
                    let start = ((channel * shape.depth + sourceZ) * shape.height + sourceY) * shape.width
                    let row = voxels[start..<start + shape.width]
                    if axis == .x { result.append(contentsOf: row.reversed()) } else { result.append(contentsOf: row) }
                }
            }
        }
        var flipped = with(voxels: result, shape: shape, geometry: permuted)
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
