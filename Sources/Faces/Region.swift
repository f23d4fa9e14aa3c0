import CKernels
import Transforms
import Volumes

/// A set of voxels on a grid of cubes, `[depth, height, width]`, with the morphology that finds anatomy in it.
struct Region: Sendable {
    /// 1 for voxels of the set.
    private(set) var bits: [UInt8]
    /// Voxels along x, y, z.
    let size: SIMD3<Int>
    /// Edge of a voxel in mm.
    let spacing: Double

    /// - Precondition: as many bits as voxels.
    init(bits: [UInt8], size: SIMD3<Int>, spacing: Double) {
        precondition(bits.count == size.x * size.y * size.z, "\(bits.count) bits for \(size)")
        (self.bits, self.size, self.spacing) = (bits, size, spacing)
    }

    var count: Int { hk_count_set(bits, bits.count) }
    /// Volume in mL.
    var milliliters: Double { Double(count) * spacing * spacing * spacing / 1000 }

    func union(_ other: Region) -> Region { combined(other, hk_unite_sets) }
    func intersection(_ other: Region) -> Region { combined(other, hk_intersect_sets) }
    func subtracting(_ other: Region) -> Region { combined(other, hk_subtract_sets) }
    var complement: Region {
        var result = self
        hk_flip_set(&result.bits, bits.count)
        return result
    }

    /// Dice coefficient: 1 for equal sets, 0 for sets that share nothing.
    func overlap(with other: Region) -> Double {
        let both = count + other.count
        return both == 0 ? 0 : 2 * Double(intersection(other).count) / Double(both)
    }

    /// The part of this set that lies in another; 0 for an empty set.
    func share(in other: Region) -> Double {
        let count = count
        return count == 0 ? 0 : Double(intersection(other).count) / Double(count)
    }

    /// Values of a grid at the voxels of the set, sorted.
    func sorted(_ values: [Float]) -> [Float] {
        precondition(values.count == bits.count, "values of another grid")
        return [Float](unsafeUninitializedCapacity: bits.count) { buffer, count in
            count = hk_gather(values, bits, bits.count, buffer.baseAddress)
        }.sorted()
    }

    /// Every voxel within `distance` mm of the set.
    func dilated(by distance: Double) -> Region { near(distance, bits, 1) }

    /// Voxels of the set farther than `distance` mm from every other voxel of the grid.
    func eroded(by distance: Double) -> Region { near(distance, complement.bits, 0) }

    /// The part (connected by faces) with the most voxels; empty when the set is.
    var largestPart: Region { part(mostIn: self) }

    /// The part that shares most voxels with another set; empty when none does.
    func part(mostIn other: Region) -> Region {
        parts { labels, isKept in
            var shared = [Int](repeating: 0, count: isKept.count)
            hk_label_overlaps(labels, labels.count, other.bits, &shared)
            shared[0] = 0
            guard let most = shared.indices.max(by: { shared[$0] < shared[$1] }) else { return }
            isKept[most] = 1
        }
    }

    /// The parts of at least so many voxels.
    func parts(ofAtLeast least: Int) -> Region {
        parts { labels, isKept in
            var sizes = [Int](repeating: 0, count: isKept.count)
            hk_label_sizes(labels, labels.count, &sizes)
            for label in sizes.indices { isKept[label] = sizes[label] >= least ? 1 : 0 }
        }
    }

    /// The parts that share a voxel with another set.
    func parts(touching other: Region) -> Region {
        parts { labels, isKept in hk_labels_touching(labels, labels.count, other.bits, &isKept) }
    }

    /// With the voxels that no path of faces leads from to the grid's edge.
    var filled: Region {
        let outside = complement
        return outside.parts(touching: edge).complement
    }

    /// The grid's outermost voxels.
    private var edge: Region {
        var result = Region(bits: [UInt8](repeating: 1, count: bits.count), size: size, spacing: spacing)
        guard size.x > 2, size.y > 2, size.z > 2 else { return result }
        for z in 1..<size.z - 1 {
            for y in 1..<size.y - 1 {
                let start = (z * size.y + y) * size.x
                result.bits.replaceSubrange(start + 1..<start + size.x - 1, with: repeatElement(0, count: size.x - 2))
            }
        }
        return result
    }

    private func combined(
        _ other: Region, _ kernel: (UnsafeMutablePointer<UInt8>, UnsafePointer<UInt8>, Int) -> Void
    ) -> Region {
        precondition(size == other.size, "regions of different grids")
        var result = self
        kernel(&result.bits, other.bits, bits.count)
        return result
    }

    private func near(_ distance: Double, _ bits: [UInt8], _ value: UInt8) -> Region {
        let reach = Float(distance / spacing)
        let squared = Self.squaredDistance(bits, size, atMost: reach * reach + 1)
        var result = self
        hk_mark_below(squared, squared.count, reach * reach + 1e-4, value, &result.bits)
        return result
    }

    private static func squaredDistance(_ bits: [UInt8], _ size: SIMD3<Int>, atMost most: Float) -> [Float] {
        var scratch = [Float](repeating: 0, count: size.x * max(size.y, size.z))
        return [Float](unsafeUninitializedCapacity: bits.count) { buffer, count in
            hk_squared_distance(bits, [size.x, size.y, size.z], most, buffer.baseAddress, &scratch)
            count = bits.count
        }
    }

    /// - Parameter choose: marks the labels (from 1) of the parts to keep.
    private func parts(_ choose: ([UInt32], inout [UInt8]) -> Void) -> Region {
        let shape = Shape(depth: size.z, height: size.y, width: size.x)
        let components = Components(Mask(labels: bits, shape: shape, geometry: .pixels))
        let labels = components.image
        var isKept = [UInt8](repeating: 0, count: components.count + 1)
        choose(labels, &isKept)
        isKept[0] = 0
        var result = self
        hk_choose_labels(labels, labels.count, isKept, &result.bits)
        return result
    }
}
