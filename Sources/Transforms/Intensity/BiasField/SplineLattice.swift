import CKernels

/// Control points of a cubic B-spline over a box, `[z, y, x]`.
///
/// Fitted to values on a grid as Lee, Wolberg, Shin, "Scattered data interpolation with multilevel B-splines", IEEE TVCG 3
/// (1997) fit scattered data: each value proposes `z B_c / sum B^2` to each of its 64 control points, and these take the mean
/// of what is proposed, weighted by `B_c^2`. On a grid all of these are products of what the axes give by themselves, and so
/// the sums go axis by axis.
struct SplineLattice: Sendable {
    private(set) var points: [Float]
    /// Control points along x, y, z.
    let controls: SIMD3<Int>

    /// Zero everywhere.
    init(controls: SIMD3<Int>) {
        self.controls = controls
        points = [Float](repeating: 0, count: controls.x * controls.y * controls.z)
    }

    private init(points: [Float], controls: SIMD3<Int>) { (self.points, self.controls) = (points, controls) }

    /// The same function with twice as many spans along each axis.
    var refined: SplineLattice {
        let axes = (0..<3).map { SplineAxis.refinement(controls: controls[$0]) }
        return SplineLattice(points: values(axes), controls: [axes[0].count, axes[1].count, axes[2].count])
    }

    mutating func add(_ other: SplineLattice) {
        precondition(controls == other.controls, "lattices of different sizes")
        for index in points.indices { points[index] += other.points[index] }
    }

    /// Adds a number to the function.
    mutating func add(_ constant: Float) { for index in points.indices { points[index] += constant } }

    /// The function at every sample, `[z, y, x]`.
    /// - Parameter axes: samples along x, y, z.
    func values(_ axes: [SplineAxis]) -> [Float] {
        let rows = rows(axes)
        let (width, height, depth) = (axes[0].count, axes[1].count, axes[2].count)
        return [Float](unsafeUninitializedCapacity: width * height * depth) { buffer, filled in
            for slice in 0..<depth {
                Self.combine(rows, axes[2], slice, width * height, into: buffer.baseAddress! + slice * width * height)
            }
            filled = width * height * depth
        }
    }

    /// The function at the samples along x and y for each control point along z, from which `combine` makes slices.
    func rows(_ axes: [SplineAxis]) -> [Float] {
        let (width, height) = (axes[0].count, axes[1].count)
        let lines = controls.y * controls.z
        var along = [Float](repeating: 0, count: lines * width)
        along.withUnsafeMutableBufferPointer { along in
            points.withUnsafeBufferPointer { points in
                for line in 0..<lines {
                    hk_resample_row(
                        points.baseAddress! + line * controls.x, along.baseAddress! + line * width, width,
                        axes[0].first, axes[0].weights, 4)
                }
            }
        }
        return [Float](unsafeUninitializedCapacity: controls.z * height * width) { buffer, filled in
            for plane in 0..<controls.z {
                let rows = Array(along[plane * controls.y * width..<(plane + 1) * controls.y * width])
                for row in 0..<height {
                    Self.combine(rows, axes[1], row, width, into: buffer.baseAddress! + (plane * height + row) * width)
                }
            }
            filled = controls.z * height * width
        }
    }

    /// One sample of an axis whose control points are stretches of values.
    static func combine(
        _ stretches: [Float], _ axis: SplineAxis, _ sample: Int, _ length: Int, into out: UnsafeMutablePointer<Float>
    ) {
        stretches.withUnsafeBufferPointer { stretches in
            axis.weights.withUnsafeBufferPointer { weights in
                hk_combine_rows(
                    stretches.baseAddress! + Int(axis.first[sample]) * length, length, out, length,
                    weights.baseAddress! + 4 * sample, 4)
            }
        }
    }
}

/// What a fit needs of a grid and of which of its samples have values.
struct LatticeFit: Sendable {
    private let proposing: [SplineAxis]
    private let controls: SIMD3<Int>
    /// Sum of the squared weights at each control point.
    private let weight: [Float]

    /// - Parameters:
    ///   - axes: samples along x, y, z.
    ///   - isKnown: 1 for samples with a value, 0 for others.
    init(_ axes: [SplineAxis], isKnown: [Float]) {
        controls = [axes[0].controls, axes[1].controls, axes[2].controls]
        weight = Self.sum(isKnown, axes.map { $0.mapWeights { $0.map { $0 * $0 } } })
        proposing = axes.map {
            $0.mapWeights { weights in
                let squares = weights.reduce(0) { $0 + $1 * $1 }
                return weights.map { $0 * $0 * $0 / squares }
            }
        }
    }

    /// The lattice that comes near to values.
    /// - Parameter values: `[z, y, x]`, 0 where there is none.
    func lattice(for values: [Float]) -> SplineLattice {
        let proposed = Self.sum(values, proposing)
        var lattice = SplineLattice(controls: controls)
        lattice.set(zip(proposed, weight).map { $1 > 0 ? $0 / $1 : 0 })
        return lattice
    }

    /// For each control point the sum of values times the products of their weights.
    private static func sum(_ values: [Float], _ axes: [SplineAxis]) -> [Float] {
        let (width, height) = (axes[0].count, axes[1].count)
        let planes = gathered(values, axes[2], length: width * height)
        let rows = (0..<axes[2].controls).flatMap { plane in
            gathered(Array(planes[plane * width * height..<(plane + 1) * width * height]), axes[1], length: width)
        }
        return (0..<axes[2].controls * axes[1].controls).flatMap { row in
            gathered(Array(rows[row * width..<(row + 1) * width]), axes[0], length: 1)
        }
    }

    /// Stretches of values of each sample, added to its four control points by their weights.
    private static func gathered(_ values: [Float], _ axis: SplineAxis, length: Int) -> [Float] {
        var result = [Float](repeating: 0, count: axis.controls * length)
        result.withUnsafeMutableBufferPointer { result in
            values.withUnsafeBufferPointer { values in
                for sample in 0..<axis.count {
                    for tap in 0..<4 {
                        hk_accumulate(
                            result.baseAddress! + (Int(axis.first[sample]) + tap) * length,
                            values.baseAddress! + sample * length, length, axis.weights[4 * sample + tap], 0)
                    }
                }
            }
        }
        return result
    }
}

extension SplineLattice {
    fileprivate mutating func set(_ values: [Float]) { self = SplineLattice(points: values, controls: controls) }
}
