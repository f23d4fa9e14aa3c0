public import Volumes

extension Box {
    /// Grown on every side by a distance, to whole voxels outwards, and clipped to a grid.
    ///
    /// - Parameters:
    ///   - margin: mm, or voxels where the geometry is not physical; at least 0.
    public func grown(byMargin margin: Double, on geometry: Geometry, within shape: Shape) -> Box {
        let voxels = geometry.isPhysical ? SIMD3(repeating: margin) / geometry.spacing : SIMD3(repeating: margin)
        // A spacing that divides the margin must not add a voxel by the last bit of a quotient.
        let grown = Box(
            lower: (lower - voxels + 1e-6).rounded(.down), upper: (upper + voxels - 1e-6).rounded(.up))
        return grown.clipped(to: shape)
    }
}

extension Volume {
    /// Cut to a box on voxel edges; voxels stay where they are in the patient.
    ///
    /// - Precondition: whole numbers within the volume, at least one voxel.
    public func cropped(to box: Box) -> Volume {
        let (lower, size) = (SIMD3<Int>(box.lower), SIMD3<Int>(box.size))
        precondition(box.volume >= 1 && box.clipped(to: shape) == box, "a box outside the volume")
        return cropped(offset: lower, depth: size.z, height: size.y, width: size.x, fill: 0)
    }
}
