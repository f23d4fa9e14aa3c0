import Foundation
import Volumes

/// Logarithms of one voxel of each block: what a bias field is estimated from.
///
/// The block's middle voxel, not its mean: a mean of two tissues is a value that neither has, and such values fill the
/// valleys of the histogram that N4 lives by.
struct ShrunkLogarithm: Sendable {
    /// Blocks along x, y, z.
    let size: SIMD3<Int>
    /// Voxels of a block along x, y, z.
    private let factor: SIMD3<Int>
    /// Blocks whose voxel is in the mask and positive, by their place in `[z, y, x]`.
    let places: [Int]
    /// One for each of `places`.
    let values: [Float]

    /// - Parameter set: one byte a voxel, 0 for those that are left out.
    init(_ volume: Volume, set: [UInt8], shrink: Int) {
        let shape = volume.shape
        let voxels = SIMD3(shape.width, shape.height, shape.depth)
        var factor = SIMD3<Int>()
        for axis in 0..<3 { factor[axis] = max(1, min(shrink, voxels[axis] / 4)) }
        let size = voxels / factor
        var (places, values): ([Int], [Float]) = ([], [])
        var row = [Float](repeating: 0, count: shape.width)
        for z in 0..<size.z {
            for y in 0..<size.y {
                let line = (z * factor.z + factor.z / 2) * shape.height + y * factor.y + factor.y / 2
                let start = line * shape.width
                row.withUnsafeMutableBufferPointer {
                    volume.storage.copy(start..<start + shape.width, to: $0.baseAddress!)
                }
                for x in 0..<size.x {
                    let voxel = x * factor.x + factor.x / 2
                    guard set[start + voxel] != 0, row[voxel] > 0 else { continue }
                    places.append((z * size.y + y) * size.x + x)
                    values.append(log(row[voxel]))
                }
            }
        }
        (self.size, self.factor, self.places, self.values) = (size, factor, places, values)
    }

    /// Where a voxel lies along an axis: 0 is the voxel of the first block and 1 that of the last.
    func place(ofVoxel voxel: Int, axis: Int) -> Double {
        let block = Double(voxel - factor[axis] / 2) / Double(factor[axis])
        return size[axis] > 1 ? block / Double(size[axis] - 1) : 0
    }
}
