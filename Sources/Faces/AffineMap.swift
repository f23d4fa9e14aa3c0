import Volumes

/// `p -> x * p.x + y * p.y + z * p.z + offset`, from one space's millimetres or voxel indices to another's.
struct AffineMap: Sendable, Hashable {
    var x: SIMD3<Double>
    var y: SIMD3<Double>
    var z: SIMD3<Double>
    var offset: SIMD3<Double>

    static let identity = AffineMap(x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1], offset: .zero)

    init(x: SIMD3<Double>, y: SIMD3<Double>, z: SIMD3<Double>, offset: SIMD3<Double>) {
        (self.x, self.y, self.z, self.offset) = (x, y, z, offset)
    }

    /// From voxel indices to LPS mm.
    init(_ geometry: Geometry) {
        self.init(x: geometry.steps[0], y: geometry.steps[1], z: geometry.steps[2], offset: geometry.origin)
    }

    func linear(_ p: SIMD3<Double>) -> SIMD3<Double> { x * p.x + y * p.y + z * p.z }

    func callAsFunction(_ p: SIMD3<Double>) -> SIMD3<Double> { linear(p) + offset }

    /// First `other`, then this.
    func after(_ other: AffineMap) -> AffineMap {
        AffineMap(x: linear(other.x), y: linear(other.y), z: linear(other.z), offset: self(other.offset))
    }

    var determinant: Double { x.dot(y.cross(z)) }

    /// Nil when the map is degenerate.
    var inverse: AffineMap? {
        let determinant = determinant
        guard determinant != 0, determinant.isFinite else { return nil }
        let rows = [y.cross(z) / determinant, z.cross(x) / determinant, x.cross(y) / determinant]
        func column(_ axis: Int) -> SIMD3<Double> { [rows[0][axis], rows[1][axis], rows[2][axis]] }
        var result = AffineMap(x: column(0), y: column(1), z: column(2), offset: .zero)
        result.offset = -result.linear(offset)
        return result
    }

    /// Three rows of four, as the kernels take it.
    var rows: [Double] {
        (0..<3).flatMap { [x[$0], y[$0], z[$0], offset[$0]] }
    }

    /// The most that any length grows by: bounded by the Frobenius norm's share of the longest column.
    var largestStretch: Double {
        // Power iteration on the transposed product: a few steps are plenty for three axes of like length.
        var v = SIMD3<Double>(0.6, 0.58, 0.55)
        for _ in 0..<30 {
            let w = linear(v)
            v = [x.dot(w), y.dot(w), z.dot(w)]
            v /= max(v.length, .leastNormalMagnitude)
        }
        return linear(v).length
    }
}
