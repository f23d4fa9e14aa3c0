import Glibc
public import Volumes

/// A map of points in LPS mm: `p -> columns[0] p.x + columns[1] p.y + columns[2] p.z + offset`.
///
/// Registration gives the map from the fixed image's space to the moving one's, as ITK does: where in the moving image
/// lies what the fixed one shows at `p`.
public struct AffineTransform: Sendable, Hashable {
    /// Images of the three unit vectors.
    public var columns: [SIMD3<Double>]
    /// Image of the origin, mm.
    public var offset: SIMD3<Double>

    public static let identity = AffineTransform(columns: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], offset: .zero)

    /// - Precondition: three columns.
    public init(columns: [SIMD3<Double>], offset: SIMD3<Double>) {
        precondition(columns.count == 3, "\(columns.count) columns")
        (self.columns, self.offset) = (columns, offset)
    }

    public init(translation: SIMD3<Double>) {
        self.init(columns: Self.identity.columns, offset: translation)
    }

    /// Linear about a point: `p -> matrix (p - center) + target`.
    public init(columns: [SIMD3<Double>], from center: SIMD3<Double>, to target: SIMD3<Double>) {
        self.init(columns: columns, offset: .zero)
        offset = target - linear(center)
    }

    /// From voxel indices to LPS mm.
    public init(_ geometry: Geometry) { self.init(columns: geometry.steps, offset: geometry.origin) }

    /// The map without its offset.
    public func linear(_ p: SIMD3<Double>) -> SIMD3<Double> { columns[0] * p.x + columns[1] * p.y + columns[2] * p.z }

    public func callAsFunction(_ p: SIMD3<Double>) -> SIMD3<Double> { linear(p) + offset }

    /// First `other`, then this.
    public func after(_ other: AffineTransform) -> AffineTransform {
        AffineTransform(columns: other.columns.map(linear), offset: self(other.offset))
    }

    /// How much volumes grow; negative for a mirror.
    public var determinant: Double { columns[0].dot(columns[1].cross(columns[2])) }

    /// Nil when the map is degenerate.
    public var inverse: AffineTransform? {
        let determinant = determinant
        guard determinant != 0, determinant.isFinite else { return nil }
        let rows = [
            columns[1].cross(columns[2]) / determinant, columns[2].cross(columns[0]) / determinant,
            columns[0].cross(columns[1]) / determinant,
        ]
        let inverse = (0..<3).map { SIMD3(rows[0][$0], rows[1][$0], rows[2][$0]) }
        var result = AffineTransform(columns: inverse, offset: .zero)
        result.offset = -result.linear(offset)
        return result
    }

    /// Three rows of four, last the offset.
    public var rows: [Double] { (0..<3).flatMap { [columns[0][$0], columns[1][$0], columns[2][$0], offset[$0]] } }

    /// Least and greatest factor by which a length changes (singular values of the linear part).
    public var stretches: ClosedRange<Double> {
        // Jacobi rotations of the columns until they are orthogonal: their lengths are the singular values.
        var c = columns
        for _ in 0..<30 {
            for (i, j) in [(0, 1), (0, 2), (1, 2)] {
                let (a, b, d) = (c[i].dot(c[i]), c[j].dot(c[j]), c[i].dot(c[j]))
                guard abs(d) > 1e-15 * (a * b).squareRoot() else { continue }
                let tau = (b - a) / (2 * d)
                let t = (tau < 0 ? -1 : 1) / (abs(tau) + (1 + tau * tau).squareRoot())
                let cosine = 1 / (1 + t * t).squareRoot()
                let sine = t * cosine
                (c[i], c[j]) = (c[i] * cosine - c[j] * sine, c[i] * sine + c[j] * cosine)
            }
        }
        let lengths = c.map(\.length)
        return lengths.min()!...lengths.max()!
    }

    /// Angle in radians by which it turns space: that of the rotation nearest to its linear part, to first order in
    /// what stretches and shears remain.
    public var turn: Double {
        let unit = columns.map { $0 / $0.length }
        let trace = unit[0].x + unit[1].y + unit[2].z
        return acos(min(max((trace - 1) / 2, -1), 1))
    }

    /// Mean distance in mm between where two maps take the same points.
    public func meanDistance(to other: AffineTransform, over points: [SIMD3<Double>]) -> Double {
        guard !points.isEmpty else { return 0 }
        return points.reduce(0) { $0 + (self($1) - other($1)).length } / Double(points.count)
    }
}

extension Geometry {
    /// The same grid after every point of space went through a map.
    public func moved(by transform: AffineTransform) -> Geometry {
        let steps = steps.map(transform.linear)
        return Geometry(
            origin: transform(origin), xStep: steps[0], yStep: steps[1], zStep: steps[2], isPhysical: isPhysical)
    }

    /// Centre of a grid of a shape, LPS mm.
    public func center(of shape: Shape) -> SIMD3<Double> {
        position(ofIndex: SIMD3(Double(shape.width - 1), Double(shape.height - 1), Double(shape.depth - 1)) * 0.5)
    }
}
