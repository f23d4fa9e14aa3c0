import CNIfTI
import Volumes

extension NIfTIHeader {
    /// Where the voxels lie: sform when its code is set, else qform, else voxel sizes alone (nifti1.h, methods 3, 2, 1;
    /// the order of nibabel). NIfTI's RAS becomes LPS here and nowhere else.
    func placement() -> (geometry: Geometry, warnings: [NIfTIWarning]) {
        var warnings = warnings
        if sformCode > 0 {
            if let geometry = Self.geometry(rows: srows, unit: unitLength) { return (geometry, warnings) }
            warnings.append(NIfTIWarning(.transformIgnored, "the sform is singular and is not used"))
        }
        let sizes = spacingOfAxes(&warnings)
        if qformCode > 0 {
            if let geometry = Self.geometry(rows: qformRows(sizes), unit: unitLength) { return (geometry, warnings) }
            warnings.append(NIfTIWarning(.transformIgnored, "the qform holds no rotation and is not used"))
        }
        let assumption = "axes are taken as right, anterior, superior"
        warnings.append(
            isAnalyze
                ? NIfTIWarning(.leftRightUnknown, "ANALYZE does not tell left from right: \(assumption)")
                : NIfTIWarning(.noOrientation, "no orientation: \(assumption)"))
        let rows = (0..<3).map { row in (0..<4).map { $0 == row ? sizes[row] : 0.0 } }
        return (Self.geometry(rows: rows, unit: unitLength) ?? Geometry(spacing: .one), warnings)
    }

    /// Magnitudes of pixdim[1...3]; what is no positive number becomes 1.
    private func spacingOfAxes(_ warnings: inout [NIfTIWarning]) -> [Double] {
        var replaced = false
        let sizes = (0..<3).map { axis in
            let size = abs(pixdim[axis])
            if size.isFinite && size > 0 { return size }
            // Sizes along axes of one voxel are often left at zero.
            replaced = replaced || axis < dimensions.count
            return 1
        }
        if replaced { warnings.append(NIfTIWarning(.spacingReplaced, "a voxel size of zero was replaced by 1")) }
        return sizes
    }

    /// Method 2: a rotation by quaternion, then scaling; the third axis is mirrored when `qfac` is negative.
    private func qformRows(_ sizes: [Double]) -> [[Double]] {
        let matrix = nifti_quatern_to_dmat44(
            quaternion.x, quaternion.y, quaternion.z, qoffset.x, qoffset.y, qoffset.z, sizes[0], sizes[1], sizes[2],
            qfac < 0 ? -1 : 1)
        return matrix.rows
    }

    /// Rows `[xx, xy, xz, tx]` in RAS to a geometry in LPS mm; nil when the steps are degenerate.
    private static func geometry(rows: [[Double]], unit: Double) -> Geometry? {
        let column = { (index: Int) in
            SIMD3(-rows[0][index], -rows[1][index], rows[2][index]) * unit
        }
        let steps = [column(0), column(1), column(2)]
        let volume = steps[0].dot(steps[1].cross(steps[2]))
        guard rows.allSatisfy({ $0.allSatisfy(\.isFinite) }), volume.isFinite, abs(volume) > 1e-15 else { return nil }
        return Geometry(origin: column(3), xStep: steps[0], yStep: steps[1], zStep: steps[2])
    }
}

extension nifti_dmat44 {
    var rows: [[Double]] {
        [m.0, m.1, m.2].map { [$0.0, $0.1, $0.2, $0.3] }
    }

    init(rows: [[Double]]) {
        self.init()
        m.0 = (rows[0][0], rows[0][1], rows[0][2], rows[0][3])
        m.1 = (rows[1][0], rows[1][1], rows[1][2], rows[1][3])
        m.2 = (rows[2][0], rows[2][1], rows[2][2], rows[2][3])
        m.3 = (0, 0, 0, 1)
    }
}
