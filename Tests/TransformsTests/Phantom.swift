import Transforms
import Volumes

/// A head of ellipsoids: skull, brain, two ventricles and three spots of unlike size, none of it symmetric. Drawn at any
/// place by a formula, so that a moved one has been through no interpolation.
struct Phantom {
    /// Voxels along each axis, 2 mm apart, around the origin.
    var size = 64
    /// From this phantom's space back to the space in which it is defined.
    var back = AffineTransform.identity

    /// 8 degrees about z and 5 about x, shifts, 4 % smaller along y.
    static let smallMove = AffineTransform(
        columns: [[0.990, 0.139, 0], [-0.133, 0.947, 0.084], [0.012, -0.087, 0.996]], offset: [6, -9, 4])
    /// A turn of 12 degrees about z and a shift.
    static let rigidMove = AffineTransform(
        columns: [[0.9781476, 0.2079117, 0], [-0.2079117, 0.9781476, 0], [0, 0, 1]], offset: [-11, 7, 13])

    init(size: Int = 64, moved: AffineTransform = .identity) {
        self.size = size
        back = moved.inverse!
    }

    /// Tissue by contrast.
    struct Tissue {
        var value: Float
        var inverse: Float
    }

    private static let bodies: [(center: SIMD3<Double>, radii: SIMD3<Double>, tissue: Tissue)] = [
        ([0, 0, 0], [44, 54, 48], Tissue(value: 40, inverse: 90)),
        ([0, -2, 2], [38, 47, 41], Tissue(value: 100, inverse: 60)),
        ([-9, 4, 6], [6, 18, 9], Tissue(value: 20, inverse: 140)),
        ([10, -2, 4], [7, 14, 8], Tissue(value: 20, inverse: 140)),
        ([20, 22, -12], [8, 9, 7], Tissue(value: 150, inverse: 30)),
        ([-18, -20, 16], [10, 6, 8], Tissue(value: 150, inverse: 30)),
        ([4, -30, -18], [6, 7, 10], Tissue(value: 70, inverse: 110)),
    ]

    /// Edges are 3 mm wide, as soft as a scanner's. Plain arithmetic: debug builds take long over vectors.
    func volume(contrast: KeyPath<Tissue, Float> = \.value) -> Volume {
        let shape = Shape(depth: size, height: size, width: size)
        let geometry = Geometry(origin: SIMD3(repeating: -Double(size - 1)), spacing: SIMD3(repeating: 2))
        let rows = back.after(AffineTransform(geometry)).rows
        let bodies = Self.bodies.map { body in
            (0..<3).map { body.center[$0] } + (0..<3).map { 1 / body.radii[$0] }
                + [body.radii.min() / 3, Double(body.tissue[keyPath: contrast])]
        }
        var voxels = [Float](repeating: 0, count: shape.count)
        for index in 0..<shape.count {
            let (x, y, z) = (Double(index % size), Double(index / size % size), Double(index / (size * size)))
            let p = rows[0] * x + rows[1] * y + rows[2] * z + rows[3]
            let q = rows[4] * x + rows[5] * y + rows[6] * z + rows[7]
            let r = rows[8] * x + rows[9] * y + rows[10] * z + rows[11]
            var value = 0.0
            for body in bodies {
                let (a, b, c) = ((p - body[0]) * body[3], (q - body[1]) * body[4], (r - body[2]) * body[5])
                let share = 0.5 + (1 - (a * a + b * b + c * c).squareRoot()) * body[6]
                if share > 0 { value += (body[7] - value) * min(share, 1) }
            }
            voxels[index] = Float(value)
        }
        return Volume(voxels: voxels, shape: shape, geometry: geometry)
    }

    /// Points within the brain.
    static let points: [SIMD3<Double>] = (-3...3).flatMap { x in
        (-3...3).flatMap { y in (-3...3).map { z in SIMD3(Double(x), Double(y), Double(z)) * 8 } }
    }
}
