import Parallel
import Volumes

/// Looks for the average head in an image: many starts on coarse grids, the best of them refined.
struct HeadSearch: Sendable {
    /// Points 12 mm apart in the image of 8 mm, and 8 mm apart in the image of 4 mm.
    private let coarse: Fit
    private let fine: Fit
    private let places: Foreground

    init(_ image: HeadImage, workers: Workers) throws(FaceError) {
        let (eight, four) = (
            try image.levels(spacing: 8, workers: workers), try image.levels(spacing: 4, workers: workers)
        )
        coarse = try Fit(HeadTemplate.average.points(stride: 3), eight)
        fine = try Fit(HeadTemplate.average.points(stride: 2), four)
        places = Foreground(eight)
    }

    /// What the search found.
    struct Result: Sendable {
        var pose: Pose
        /// Normalised mutual information.
        var information: Double
        /// Score of the pose before shears were let in, to be compared with other orientations'.
        var score: Double
    }

    /// The best pose with the axes that the affine states; nil when the image has no foreground.
    func best() -> Result? {
        let found = coarsely(axes: .identity, nods: [-0.35, 0, 0.35], kept: 6, until: 2)
        let refined = found.prefix(3).map { refine($0.pose) }
        guard let best = refined.max(by: { $0.score < $1.score }) else { return nil }
        let final = climb(from: best.pose, 0..<12, step: 2, until: 0.25, by: fine.callAsFunction)
        return Result(pose: final.pose, information: fine.information(final.pose), score: best.score)
    }

    /// The best score with the axes turned by right angles, in 23 ways. Of poses only those count that stay turned: from
    /// anywhere some climb back to where the head is upright. A mirrored head is a turned one, as left and right look
    /// alike.
    func bestTurned(workers: Workers) -> Double {
        let turns = AffineMap.rightAngles.dropFirst()
        let poses = Locked([(pose: Pose, score: Double)?](repeating: nil, count: turns.count))
        workers.forEach(turns.count) { index in
            let found = coarsely(axes: turns[turns.startIndex + index], nods: [0], kept: 1, until: 4).first
            poses.withLock { $0[index] = found }
        }
        let turned = poses.withLock { $0.compactMap(\.self) }.filter { !$0.pose.isUpright }
        return turned.sorted { $0.score > $1.score }.prefix(2).map { refine($0.pose) }
            .filter { !$0.pose.isUpright }.map(\.score).max() ?? 0
    }

    private func refine(_ pose: Pose) -> (pose: Pose, score: Double) {
        climb(from: pose, 0..<9, step: 4, until: 1, by: fine.callAsFunction)
    }

    /// Poses refined on the coarse grid, best first.
    private func coarsely(
        axes: AffineMap, nods: [Double], kept: Int, until smallest: Double
    ) -> [(pose: Pose, score: Double)] {
        var starts: [(pose: Pose, score: Double)] = []
        for start in places.starts(axes: axes, nods: nods) {
            starts.append((start, coarse(start)))
        }
        return starts.sorted { $0.score > $1.score }.prefix(kept)
            .map { climb(from: $0.pose, 0..<9, step: 8, until: smallest, by: coarse.callAsFunction) }
            .sorted { $0.score > $1.score }
    }
}

/// Where an image is not air.
private struct Foreground: Sendable {
    private var positions: [SIMD3<Double>] = []
    /// Volume of a voxel over the area that a slice must have to be more than noise, in voxels along a mm.
    private let voxelVolume: Double

    init(_ image: HeadImage.Levels) {
        let map = AffineMap(image.geometry)
        voxelVolume = abs(map.determinant)
        var index = 0
        for z in 0..<image.shape.depth {
            for y in 0..<image.shape.height {
                for x in 0..<image.shape.width {
                    if image.values[index] >= 4 { positions.append(map([Double(x), Double(y), Double(z)])) }
                    index += 1
                }
            }
        }
    }

    /// Poses that put the head's crown to the top of what is there, and below or above it; after turning by `axes`.
    func starts(axes: AffineMap, nods: [Double]) -> [Pose] {
        guard let back = axes.inverse, !positions.isEmpty else { return [] }
        let turned = positions.map { back($0) }
        let bottom = turned.map(\.z).min() ?? 0
        let thickness = 10.0
        var areas = [Double](repeating: 0, count: Int(((turned.map(\.z).max() ?? 0) - bottom) / thickness) + 1)
        for p in turned { areas[Int((p.z - bottom) / thickness)] += voxelVolume / thickness }
        // 20 cm2: more than a hand's tip or noise, less than the crown.
        guard let topBin = areas.lastIndex(where: { $0 > 2000 }) else { return [] }
        let top = bottom + (Double(topBin) + 1) * thickness
        let slab = turned.filter { $0.z <= top && $0.z > top - 140 }
        let center = slab.reduce(.zero, +) / Double(max(slab.count, 1))
        var starts: [Pose] = []
        for z in stride(from: -45.0, through: 60, by: 15) {
            for y in [-25.0, 0, 25] {
                for nod in nods {
                    for scale in [0.9, 1.05] {
                        // The crown of the average head lies at (0, 8, 82).
                        let target = axes([center.x, center.y + y, top + z])
                        var pose = Pose(axes: axes)
                        pose.nod(by: nod)
                        pose.grow(to: scale)
                        let offset = target - pose.map([0, 8, 82])
                        for axis in 0..<3 { pose.values[axis] += offset[axis] }
                        starts.append(pose)
                    }
                }
            }
        }
        return starts
    }
}

extension AffineMap {
    /// The 24 proper turns by right angles, the identity first.
    static let rightAngles: [AffineMap] = {
        let units: [SIMD3<Double>] = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [-1, 0, 0], [0, -1, 0], [0, 0, -1]]
        var turns: [AffineMap] = []
        for x in units {
            for y in units where x.dot(y) == 0 {
                turns.append(AffineMap(x: x, y: y, z: x.cross(y), offset: .zero))
            }
        }
        return turns
    }()
}
