import CKernels
import Foundation
import Volumes

/// Logarithms of means over blocks of voxels: what a bias field is estimated from.
struct ShrunkLogarithm: Sendable {
    /// Blocks along x, y, z.
    let size: SIMD3<Int>
    /// Voxels of a block along x, y, z.
    let factor: SIMD3<Int>
    /// Blocks of which at least half is in the mask and positive, by their place in `[z, y, x]`.
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
        var sums = [Float](repeating: 0, count: size.x * size.y * size.z)
        var counts = [UInt32](repeating: 0, count: sums.count)
        var row = [Float](repeating: 0, count: shape.width)
        sums.withUnsafeMutableBufferPointer { sums in
            counts.withUnsafeMutableBufferPointer { counts in
                set.withUnsafeBufferPointer { set in
                    for z in 0..<size.z * factor.z {
                        for y in 0..<size.y * factor.y {
                            let start = (z * shape.height + y) * shape.width
                            let block = (z / factor.z * size.y + y / factor.y) * size.x
                            row.withUnsafeMutableBufferPointer {
                                volume.storage.copy(start..<start + shape.width, to: $0.baseAddress!)
                            }
                            hk_add_blocks(
                                row, set.baseAddress! + start, shape.width, factor.x, sums.baseAddress! + block,
                                counts.baseAddress! + block)
                        }
                    }
                }
            }
        }
        let enough = UInt32((factor.x * factor.y * factor.z + 1) / 2)
        (self.size, self.factor) = (size, factor)
        places = counts.indices.filter { counts[$0] >= enough }
        values = places.map { log(sums[$0] / Float(counts[$0])) }
    }

    /// Where a voxel lies along an axis: 0 and 1 are the centres of the first and the last block.
    func place(ofVoxel voxel: Int, axis: Int) -> Double {
        let block = (Double(voxel) - Double(factor[axis] - 1) / 2) / Double(factor[axis])
        return size[axis] > 1 ? block / Double(size[axis] - 1) : 0
    }
}
