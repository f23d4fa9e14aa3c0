import Glibc

/// Which maps are sought.
public enum TransformKind: String, Sendable, CaseIterable {
    /// Rotation and translation: the same head, moved.
    case rigid
    /// Any linear map and translation: another head, or another scanner's millimetres.
    case affine
}

/// Numbers that an optimiser may change freely, around a transform at which they are all 0. Each is scaled so that a change
/// by 1 moves the compared points by about 1 mm.
struct Parameterization: Sendable {
    let kind: TransformKind
    /// The transform at 0.
    let start: AffineTransform
    /// Middle of the fixed image's points: rotations turn about it.
    let center: SIMD3<Double>
    /// Their root mean square coordinate, mm.
    let radius: Double

    var count: Int { kind == .rigid ? 6 : 12 }

    /// Rigid: three translations in mm, three angles (about x, y, z, in that order) times `radius`. Affine: three
    /// translations in mm, the nine entries of the matrix, row by row, times `radius`.
    func callAsFunction(_ values: [Double]) -> AffineTransform {
        let target = start(center) + SIMD3(values[0], values[1], values[2])
        switch kind {
        case .rigid:
            let turned = rotation(values)
            return AffineTransform(
                columns: start.columns.map { Self.multiply(turned, $0) }, from: center, to: target)
        case .affine:
            let columns = (0..<3).map { column in
                start.columns[column] + SIMD3(values[3 + column], values[6 + column], values[9 + column]) / radius
            }
            return AffineTransform(columns: columns, from: center, to: target)
        }
    }

    /// Two places along each parameter, one to either side.
    func neighbours(of values: [Double], at distance: Double) -> [[Double]] {
        values.indices.flatMap { index in
            [-distance, distance].map { step in
                var neighbour = values
                neighbour[index] += step
                return neighbour
            }
        }
    }

    /// The chain rule: from derivatives by the matrix and by where the centre goes to those by the parameters.
    func gradient(at values: [Double], _ value: MutualInformation.Value) -> [Double] {
        let translation = [value.target.x, value.target.y, value.target.z]
        switch kind {
        case .affine: return translation + value.linear.flatMap { [$0.x / radius, $0.y / radius, $0.z / radius] }
        case .rigid:
            let angles = (0..<3).map { axis in
                let derivative = rotation(values, derivativeBy: axis)
                return (0..<3).reduce(0.0) { sum, column in
                    let moved = Self.multiply(derivative, start.columns[column])
                    return sum + (0..<3).reduce(0.0) { $0 + value.linear[$1][column] * moved[$1] }
                } / radius
            }
            return translation + angles
        }
    }

    /// Rows of Rz Ry Rx, or of its derivative by one of the angles.
    private func rotation(_ values: [Double], derivativeBy axis: Int? = nil) -> [SIMD3<Double>] {
        var result: [SIMD3<Double>] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
        for turn in 0..<3 {
            let angle = values[3 + turn] / radius
            // The derivative of a rotation about an axis is a quarter turn more, without the axis itself.
            let (c, s) = axis == turn ? (-sin(angle), cos(angle)) : (cos(angle), sin(angle))
            let along = axis == turn ? 0.0 : 1.0
            let (i, j) = ((turn + 1) % 3, (turn + 2) % 3)
            var next = result
            next[turn] = result[turn] * along
            next[i] = result[i] * c - result[j] * s
            next[j] = result[i] * s + result[j] * c
            result = next
        }
        return result
    }

    private static func multiply(_ rows: [SIMD3<Double>], _ p: SIMD3<Double>) -> SIMD3<Double> {
        [(rows[0] * p).sum(), (rows[1] * p).sum(), (rows[2] * p).sum()]
    }
}
