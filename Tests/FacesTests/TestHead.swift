import CKernels
import Parallel
import TestSupport
import Volumes

@testable import Faces

/// A head made of the average one: moved, sized, sliced and coloured, with the brain known. Registration finds it by
/// nothing but its voxels; heads of other people are in Tests/Peers/faces.
struct TestHead {
    /// The head as it is here in T1, and without its face; found once for all tests.
    static let defaced = Result { () throws(FaceError) in
        let volume = TestHead().mr
        return (before: volume, result: try Defacing.deface(volume, workers: Workers(count: 2)))
    }

    /// From the template's mm to the patient's LPS mm.
    var map: AffineMap = {
        var pose = Pose(translation: [12, -30, 140])
        pose.values[3] = 14  // 10 degrees of nodding
        pose.values[5] = -11
        pose.values[6..<9] = [5, -4, 3]
        return pose.map
    }()
    var spacing = SIMD3<Double>(4, 4, 5)
    /// Extent in mm of the image around the head, along x, y, z.
    var extent = SIMD3<Double>(210, 260, 250)
    /// What is left of the head: everything, or the brain alone.
    var isBrainAlone = false

    private var shape: Shape {
        let counts = (extent / spacing).rounded(.up)
        return Shape(depth: Int(counts.z), height: Int(counts.y), width: Int(counts.x))
    }

    var geometry: Geometry {
        Geometry(origin: map([0, 0, -10]) - extent / 2, spacing: spacing)
    }

    /// A template image on this head's grid, 0 outside.
    private func sampled(_ values: [Float]) -> [Float] {
        guard let toTable = HeadTemplate.indexToPosition.inverse, let back = map.inverse else { return [] }
        let rows = toTable.after(back).after(AffineMap(geometry)).rows
        let (from, to) = (HeadTemplate.size, shape)
        return [Float](unsafeUninitializedCapacity: to.count) { buffer, count in
            hk_sample_through(
                values, [from.x, from.y, from.z], rows, buffer.baseAddress, [to.width, to.height, to.depth], 0)
            count = to.count
        }
    }

    /// Which voxels are brain.
    var brain: [Bool] { sampled(HeadTemplate.average.brain.bits.map(Float.init)).map { $0 > 0.5 } }

    /// Voxels well within 4 mm of the brain.
    var aroundBrain: [Bool] {
        sampled(HeadTemplate.average.brain.dilated(by: 4).bits.map(Float.init)).map { $0 > 0.7 }
    }

    /// Which voxels are in the head.
    private var head: [Bool] { sampled(HeadTemplate.average.head.bits.map(Float.init)).map { $0 > 0.5 } }

    /// How much of each voxel is skull: a shell around the brain, within the head.
    private var skull: [Float] {
        let table = HeadTemplate.average
        let shell = table.brain.dilated(by: 10).subtracting(table.brain.dilated(by: 3))
        return sampled(shell.intersection(table.head.eroded(by: 4)).bits.map(Float.init))
    }

    /// T1-weighted, floats from 0 to about 300. The mean of many heads has a grey skull; it is dark as in a single one.
    var mr: Volume {
        let levels = sampled(HeadTemplate.average.levels.map(Float.init))
        let values =
            isBrainAlone
            ? zip(levels, brain).map { $1 ? $0 * 10 : 0 } : zip(levels, skull).map { $0 * 10 * (1 - $1) + 15 * $1 }
        return Volume(voxels: values, shape: shape, geometry: geometry, modality: .mr)
    }

    /// Stored words of a CT, 1024 more than HU: noisy air, soft tissue, a skull between brain and scalp, brain.
    var ct: Volume {
        var generator = SeededGenerator(seed: 9)
        let words = zip(zip(head, brain), skull).map { inside, skull -> UInt16 in
            let (isHead, isBrain) = inside
            let air = Int.random(in: -1016 ... -984, using: &generator)
            return UInt16(1024 + (isBrain ? 30 : skull > 0.3 ? 700 : isHead ? 50 : air))
        }
        var volume = Volume(
            storage: .words(words, WordValues((0..<65536).map(Float.init))), shape: shape, geometry: geometry,
            modality: .ct)
        volume.attributes.rescales = [Rescale(slope: 1, intercept: -1024)]
        return volume
    }
}

extension Volume {
    /// The same voxels with axes that the file states wrongly.
    func claiming(_ geometry: Geometry) -> Volume {
        var result = self
        result.geometry = geometry
        return result
    }
}
