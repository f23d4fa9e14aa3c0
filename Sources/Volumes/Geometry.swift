/// Where the voxels of a volume lie in the patient.
///
/// Voxel indices are `(x, y, z)` with x fastest in memory (`z` counts slices). Patient coordinates are LPS
/// millimetres (x to the patient's left, y to posterior, z to superior), as DICOM PS3.3 C.7.6.2.1 has them.
/// An index names a voxel's *centre*: `origin` is the centre of voxel (0, 0, 0).
///
/// The three step vectors need not be orthogonal: a gantry-tilted CT keeps its shear here.
public struct Geometry: Sendable, Hashable {
    /// Centre of voxel (0, 0, 0), LPS mm.
    public var origin: SIMD3<Double>
    /// Displacement in LPS mm from one voxel to the next along x (columns), y (rows) and z (slices).
    public var steps: [SIMD3<Double>]
    /// False for images without physical spacing (PNG, JPEG, some radiographs): steps then count pixels.
    public var isPhysical: Bool

    public init(
        origin: SIMD3<Double>, xStep: SIMD3<Double>, yStep: SIMD3<Double>, zStep: SIMD3<Double>,
        isPhysical: Bool = true
    ) {
        self.origin = origin
        self.steps = [xStep, yStep, zStep]
        self.isPhysical = isPhysical
    }

    /// Axis-aligned geometry: x to the left, y to posterior, z to superior.
    public init(origin: SIMD3<Double> = .zero, spacing: SIMD3<Double>, isPhysical: Bool = true) {
        self.init(
            origin: origin, xStep: [spacing.x, 0, 0], yStep: [0, spacing.y, 0], zStep: [0, 0, spacing.z],
            isPhysical: isPhysical)
    }

    /// Distances in mm between neighbouring voxels that an image can have: from a nanometre to a kilometre. Others are
    /// damage, and what is counted in such voxels overflows.
    public static let possibleSpacing = 1e-6...1e6

    /// Whether voxels lie as far apart along every axis as they can.
    public var hasPossibleSpacing: Bool { steps.allSatisfy { Self.possibleSpacing.contains($0.length) } }

    /// Pixels without a physical size, one unit apart.
    public static let pixels = Geometry(spacing: .one, isPhysical: false)

    /// Distance in mm between neighbouring voxels along x, y, z.
    public var spacing: SIMD3<Double> { [steps[0].length, steps[1].length, steps[2].length] }

    /// Height of a pixel over its width in the patient; 1 where that is not known, and for a hundredth's difference.
    public var pixelAspect: Double {
        let ratio = spacing.y / spacing.x
        return isPhysical && ratio.isFinite && abs(ratio - 1) > 0.01 ? ratio : 1
    }

    /// Unit vectors along x, y, z: the columns of the direction matrix.
    public var direction: [SIMD3<Double>] { steps.map { $0 / $0.length } }

    /// LPS mm of a continuous voxel index; integers are voxel centres.
    public func position(ofIndex index: SIMD3<Double>) -> SIMD3<Double> {
        origin + steps[0] * index.x + steps[1] * index.y + steps[2] * index.z
    }

    /// Continuous voxel index of a point in LPS mm, or nil when the steps are degenerate.
    public func index(ofPosition position: SIMD3<Double>) -> SIMD3<Double>? {
        let (a, b, c) = (steps[0], steps[1], steps[2])
        let determinant = a.dot(b.cross(c))
        guard determinant != 0, determinant.isFinite else { return nil }
        let offset = position - origin
        return [
            offset.dot(b.cross(c)) / determinant, offset.dot(c.cross(a)) / determinant,
            offset.dot(a.cross(b)) / determinant,
        ]
    }

    /// The affine as four rows `[xx, xy, xz, tx]` in LPS mm, last row `[0, 0, 0, 1]`.
    public var affine: [[Double]] {
        (0..<3).map { row in [steps[0][row], steps[1][row], steps[2][row], origin[row]] } + [[0, 0, 0, 1]]
    }

    /// The same patient space after cutting away (or, negative, adding) voxels before index 0 along each axis.
    public func shifted(byVoxels offset: SIMD3<Double>) -> Geometry {
        var result = self
        result.origin = position(ofIndex: offset)
        return result
    }

    /// The geometry of an edge-aligned resampling: the outer faces of the volume stay where they are,
    /// so that `x_in = (i + 1/2) * scale - 1/2` with `scale = newSpacing / oldSpacing` along each axis.
    public func scaled(by scale: SIMD3<Double>) -> Geometry {
        var result = self
        result.origin = position(ofIndex: (scale - .one) * 0.5)
        result.steps = [steps[0] * scale.x, steps[1] * scale.y, steps[2] * scale.z]
        return result
    }
}

extension SIMD3<Double> {
    public func dot(_ other: Self) -> Double { (self * other).sum() }
    public var length: Double { dot(self).squareRoot() }
    public func cross(_ o: Self) -> Self { [y * o.z - z * o.y, z * o.x - x * o.z, x * o.y - y * o.x] }
}
