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
        if axis == .z { flipped.attributes.reverseSlices(depth) }
        return flipped
    }
}

extension Volume {
    /// Slices as a radiologist's viewer shows them: columns run to the patient's left or to posterior, rows to
    /// posterior or to inferior. DICOM slices lie so as a rule; NIfTI files often lie the other way round.
    public func flippedForDisplay() -> Volume {
        guard geometry.isPhysical else { return self }
        // Along left, posterior and superior: the sign with which an axis of the picture should run.
        let signs: SIMD3<Double> = [1, 1, -1]
        var result = self
        for axis in [Axis.x, .y] {
            let step = geometry.steps[axis.index]
            let main = (0..<3).max { abs(step[$0]) < abs(step[$1]) } ?? 0
            if step[main] * signs[main] < 0 { result = result.flipped(axis) }
        }
        return result
    }
}

extension Attributes {
    /// What is said slice by slice follows the slices.
    mutating func reverseSlices(_ depth: Int) {
        takeSources(ofSlices: (0..<depth).reversed(), from: depth)
        if rescales.count > 1 { rescales.reverse() }
    }
}
