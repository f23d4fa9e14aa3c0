public import Volumes

/// An image cut into patches, some of which are hidden, as masked autoencoders are trained. Source: He et al., "Masked
/// autoencoders are scalable vision learners", CVPR 2022.
public struct PatchMask: Sendable {
    /// Voxels of a patch along x, y, z. Patches at the end of an axis may be cut off; they count as others do.
    public var size: SIMD3<Int>
    /// Numbers of the hidden patches: x fastest, then y, then z.
    public var hidden: [Int]

    public init(size: SIMD3<Int>, hidden: [Int]) { (self.size, self.hidden) = (size, hidden) }

    /// Patches along x, y, z.
    public static func grid(_ shape: Shape, size: SIMD3<Int>) -> SIMD3<Int> {
        func count(_ voxels: Int, _ patch: Int) -> Int { (voxels + patch - 1) / patch }
        return [count(shape.width, size.x), count(shape.height, size.y), count(shape.depth, size.z)]
    }

    /// Exactly `ratio` of the patches, rounded to a whole number.
    public static func draw(
        _ ratio: Double, of shape: Shape, size: SIMD3<Int>, _ random: inout Philox
    ) -> PatchMask {
        let grid = grid(shape, size: size)
        let total = grid.x * grid.y * grid.z
        return PatchMask(size: size, hidden: random.sample(Int((Double(total) * ratio).rounded()), of: total))
    }

    /// 1 where a patch is hidden.
    public func mask(on shape: Shape, geometry: Geometry) -> Mask {
        let grid = Self.grid(shape, size: size)
        var labels = [UInt8](repeating: 0, count: shape.voxelCount)
        for patch in hidden {
            let place = SIMD3(patch % grid.x, patch / grid.x % grid.y, patch / (grid.x * grid.y)) &* size
            labels.fill(
                1, from: place, to: place &+ size, Shape(depth: shape.depth, height: shape.height, width: shape.width))
        }
        return Mask(
            labels: labels, shape: Shape(depth: shape.depth, height: shape.height, width: shape.width),
            geometry: geometry)
    }
}

extension [UInt8] {
    /// Sets a block of labels, `from` included and `to` not, as far as it lies within the shape.
    mutating func fill(_ label: UInt8, from: SIMD3<Int>, to: SIMD3<Int>, _ shape: Shape) {
        for z in Swift.max(from.z, 0)..<Swift.max(Swift.min(to.z, shape.depth), Swift.max(from.z, 0)) {
            for y in Swift.max(from.y, 0)..<Swift.max(Swift.min(to.y, shape.height), Swift.max(from.y, 0)) {
                let row = (z * shape.height + y) * shape.width
                for x in Swift.max(from.x, 0)..<Swift.max(Swift.min(to.x, shape.width), Swift.max(from.x, 0)) {
                    self[row + x] = label
                }
            }
        }
    }
}
