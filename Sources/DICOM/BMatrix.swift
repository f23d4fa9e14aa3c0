import Volumes

/// Diffusion b-Matrix Sequence (0018,9601): the weighting along every axis at once, in s/mm2 (PS3.3 C.8.13.5.9.1).
struct BMatrix {
    private var rows: [SIMD3<Double>]

    /// Nil when it does not hold six numbers.
    init?(_ item: Dataset) {
        let values = (0x9602...0x9607).compactMap { (element: UInt16) in item.number(Tag(0x0018, element)) }
        guard values.count == 6 else { return nil }
        self.init(xx: values[0], xy: values[1], xz: values[2], yy: values[3], yz: values[4], zz: values[5])
    }

    init(xx: Double, xy: Double, xz: Double, yy: Double, yz: Double, zz: Double) {
        rows = [[xx, xy, xz], [xy, yy, yz], [xz, yz, zz]]
    }

    var bValue: Double { rows[0].x + rows[1].y + rows[2].z }

    /// The axis along which the image was weighted; nil when it was weighted along several. Its sign means nothing, and is
    /// chosen alike for matrices that are.
    var direction: SIMD3<Double>? {
        guard bValue > 0, bValue.isFinite else { return nil }
        // Powers of the matrix: what is along one axis in the main is so entirely after a few squarings.
        var power = rows.map { $0 / bValue }
        for _ in 0..<6 {
            let square = power.map { row in power[0] * row.x + power[1] * row.y + power[2] * row.z }
            let trace = square[0].x + square[1].y + square[2].z
            guard trace > 0, trace.isFinite else { return nil }
            power = square.map { $0 / trace }
        }
        guard let longest = power.max(by: { $0.length < $1.length }), longest.length > 0 else { return nil }
        let axis = longest / longest.length
        let along = axis.dot([rows[0].dot(axis), rows[1].dot(axis), rows[2].dot(axis)])
        guard along >= 0.9 * bValue else { return nil }
        return axis.dot([3, 5, 7]) < 0 ? -axis : axis
    }
}
