import CKernels
public import Parallel
import Transforms
public import Volumes

/// An 8-bit gray picture, row by row `[height, width]`, 0 black.
public struct GrayImage: Sendable, Hashable {
    public let height: Int
    public let width: Int
    public let pixels: [UInt8]
}

/// How the surface of what a volume shows looks, for the eye that checks a defaced head.
///
/// One pixel is 1 mm. Parallel projection of the first surface between air and tissue, lit from the viewer, darker with
/// depth. Loose pieces of at least 1 mL are shown too: a nose that floats before a cut face must be seen.
public struct FaceRendering: Sendable {
    /// From the front: the patient's right on the left of the picture.
    public let front: GrayImage
    /// The patient's left side, the face to the left of the picture.
    public let left: GrayImage
    /// The patient's right side, the face to the right of the picture.
    public let right: GrayImage

    /// Both with the first one's border between air and tissue.
    ///
    /// - Throws: `FaceError` when the image is none of a head's kind.
    public static func compare(
        _ before: Volume, _ after: Volume, workers: Workers = .single
    ) throws(FaceError) -> (before: FaceRendering, after: FaceRendering) {
        let image = try HeadImage(before, finest: 1, workers: workers)
        let changed = try HeadImage(after, finest: 1, workers: workers)
        return (
            FaceRendering(try image.cubes(workers), border: image.air),
            FaceRendering(try changed.cubes(workers), border: image.air)
        )
    }

    private init(_ volume: Volume, border: Float) {
        let surface = Surface(volume, border: border)
        // LPS: x to the left, y to posterior, z to superior; pictures have superior at the top.
        front = surface.picture(depth: 1, across: 0, fromEnd: false, acrossReversed: false)
        left = surface.picture(depth: 0, across: 1, fromEnd: true, acrossReversed: false)
        right = surface.picture(depth: 0, across: 1, fromEnd: false, acrossReversed: true)
    }
}

/// Values on cubes of 1 mm and where they are tissue.
private struct Surface {
    private let values: [Float]
    private let size: [Int]
    private let border: Float

    init(_ volume: Volume, border: Float) {
        size = [volume.shape.width, volume.shape.height, volume.shape.depth]
        self.border = border
        var values = volume.voxels
        let tissue = HeadGrid.marked(values, border, .infinity, size: SIMD3(size[0], size[1], size[2]), spacing: 1)
        let shown = tissue.parts(ofAtLeast: 1000)
        hk_lower_outside(&values, shown.bits, values.count, border)
        self.values = values
    }

    /// - Parameters:
    ///   - depth: the axis that is looked along, from its last voxel when `fromEnd`.
    ///   - across: the axis that runs to the right in the picture, or to the left when reversed.
    func picture(depth: Int, across: Int, fromEnd: Bool, acrossReversed: Bool) -> GrayImage {
        let (height, width) = (size[2], size[across])
        let strides = [1, size[0], size[0] * size[1]]
        var distances = [Float](repeating: 0, count: height * width)
        hk_first_surface(
            values, size[depth], fromEnd ? -strides[depth] : strides[depth], height, strides[2], width, strides[across],
            fromEnd ? strides[depth] * (size[depth] - 1) : 0, border, &distances)
        var pixels = [UInt8](repeating: 0, count: height * width)
        hk_shade(distances, height, width, acrossReversed ? 1 : 0, &pixels)
        return GrayImage(height: height, width: width, pixels: pixels)
    }
}
