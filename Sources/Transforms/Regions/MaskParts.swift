public import Volumes

extension Mask {
    /// The connected part with the most voxels, as 1; empty when the mask is.
    public func largestPart(_ connectivity: Connectivity = .faces) -> Mask {
        let parts = Components(self, connectivity)
        let largest = parts.largest
        return parts.mask { $0 == largest }
    }

    /// With its holes: what no path over faces joins to the border of the grid becomes 1, as SciPy's `binary_fill_holes`.
    /// Along an axis of one voxel there is no border, so that a slice is filled as a slice.
    ///
    /// - Parameter inSlices: each slice by itself, whatever the slices beside it show.
    public func filled(inSlices: Bool = false) -> Mask {
        let outside = Components(self, .faces, ofBackground: true, inSlices: inSlices)
        let sizes = [shape.width, shape.height, shape.depth]
        let axes = Axis.allCases.filter { sizes[$0.index] > 1 && !($0 == .z && inSlices) }
        let touches = outside.touchesBorder(along: axes)
        return outside.marked(onto: labels.map { $0 == 0 ? 0 : 1 }) { !touches[$0] }
    }

    /// Volume of the voxels that are not 0, in mL; nil where voxels have no physical size.
    public var milliliters: Double? {
        guard geometry.isPhysical else { return nil }
        let steps = geometry.steps
        return Double(labels.count { $0 != 0 }) * abs(steps[0].dot(steps[1].cross(steps[2]))) / 1000
    }
}
