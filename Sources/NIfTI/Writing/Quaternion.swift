import CNIfTI

/// The rotation of a qform (nifti1.h, method 2).
struct Quaternion {
    let bcd: SIMD3<Double>
    let qfac: Double

    /// Nil when the steps are not perpendicular, which no qform can express.
    init?(rows: [[Double]], spacing: SIMD3<Double>) {
        var (b, c, d, x, y, z) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        var (dx, dy, dz, qfac) = (0.0, 0.0, 0.0, 0.0)
        nifti_dmat44_to_quatern(nifti_dmat44(rows: rows), &b, &c, &d, &x, &y, &z, &dx, &dy, &dz, &qfac)
        let back = nifti_quatern_to_dmat44(b, c, d, x, y, z, dx, dy, dz, qfac).rows
        for (row, values) in rows.enumerated() {
            for column in 0..<3 where abs(back[row][column] - values[column]) > 1e-4 * spacing[column] { return nil }
        }
        self.bcd = [b, c, d]
        self.qfac = qfac
    }
}
