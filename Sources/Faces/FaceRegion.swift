import CKernels
import Volumes

/// What is cut away, as convex bodies in the space of the average head (LPS mm, origin at the anterior commissure).
///
/// Whole blocks go, air included: a shell under the skin would leave a second face below it, and an open mouth or a
/// cut-off nose needs no special case. The brain, with its margin, is kept out of every block afterwards.
struct FaceRegion: Sendable {
    /// A body is where all its planes are at most 0: normal . position + offset.
    struct Plane: Sendable {
        var normal: SIMD3<Double>
        var offset: Double
    }

    private(set) var bodies: [[Plane]]
    /// What voxels of each body are marked by: 1 for the face, 2 for an ear.
    private var labels: [UInt8]

    init(removesEars: Bool) {
        // Nose, lips, cheeks, eyes, chin: before the coronal plane through the pterygoids, below an oblique plane that
        // rises from the orbit's apex to above the brows, and above the larynx.
        bodies = [
            [
                Plane(normal: [0, 1, 0], offset: 33),
                Plane(normal: [0, 0.42, 1], offset: 39.9),
                Plane(normal: [0, 0, -1], offset: -160),
            ]
        ]
        labels = [1]
        guard removesEars else { return }
        for side in [1.0, -1] {
            labels.append(2)
            bodies.append([
                Plane(normal: [-side, 0, 0], offset: 64),
                Plane(normal: [0, -1, 0], offset: -12), Plane(normal: [0, 1, 0], offset: -58),
                Plane(normal: [0, 0, -1], offset: -75), Plane(normal: [0, 0, 1], offset: 8),
            ])
        }
    }

    /// Marks the voxels of one row of a grid, `width` of them, that lie in a body and are not kept.
    ///
    /// - Parameters:
    ///   - map: from the grid's indices to template mm.
    ///   - kept: on `HeadGrid`; a voxel stays when any of the eight grid points around it is set.
    ///   - row: zeros, set to the body's label.
    func mark(
        y: Int, z: Int, width: Int, map: AffineMap, kept: Region, into row: UnsafeMutablePointer<UInt8>
    ) {
        let toGrid = (HeadGrid.indexToPosition.inverse ?? .identity).after(map)
        // Planes in indices of the head grid: n . (o + s i) + d.
        let planes = bodies.joined().flatMap { plane in
            let n = plane.normal * HeadGrid.spacing
            return [n.x, n.y, n.z, plane.normal.dot(HeadGrid.origin) + plane.offset]
        }
        let start = toGrid([0, Double(y), Double(z)])
        hk_mark_row(
            row, width, [start.x, start.y, start.z], [toGrid.x.x, toGrid.x.y, toGrid.x.z], kept.bits,
            [kept.size.x, kept.size.y, kept.size.z], planes, bodies.map(\.count), labels, bodies.count)
    }
}
