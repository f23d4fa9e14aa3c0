public import Volumes

/// Blocks taken out of an image at random places. Source: DeVries and Taylor, "Improved regularization of convolutional neural
/// networks with cutout", 2017.
public struct CutOut: Sendable {
    /// First voxel along x, y, z, and the voxel after the last.
    public var blocks: [(from: SIMD3<Int>, to: SIMD3<Int>)]

    public init(blocks: [(from: SIMD3<Int>, to: SIMD3<Int>)]) { self.blocks = blocks }

    /// Blocks that lie wholly within the image, each with sides that are a share of the image's.
    ///
    /// - Parameter share: of each axis, in (0, 1]; at least one voxel.
    public static func draw(
        _ count: Int, share: ClosedRange<Double>, of shape: Shape, _ random: inout Philox
    ) -> CutOut {
        let sizes = SIMD3(shape.width, shape.height, shape.depth)
        let blocks = (0..<count).map { _ -> (from: SIMD3<Int>, to: SIMD3<Int>) in
            var (from, to) = (SIMD3<Int>.zero, SIMD3<Int>.zero)
            for axis in 0..<3 {
                let length = Int((random.uniform(in: share) * Double(sizes[axis])).rounded())
                let side = min(max(length, 1), sizes[axis])
                from[axis] = random.index(below: sizes[axis] - side + 1)
                to[axis] = from[axis] + side
            }
            return (from, to)
        }
        return CutOut(blocks: blocks)
    }

    /// 1 where a voxel is taken out.
    public func mask(on shape: Shape, geometry: Geometry) -> Mask {
        let grid = Shape(depth: shape.depth, height: shape.height, width: shape.width)
        var labels = [UInt8](repeating: 0, count: grid.voxelCount)
        for block in blocks { labels.fill(1, from: block.from, to: block.to, grid) }
        return Mask(labels: labels, shape: grid, geometry: geometry)
    }
}
