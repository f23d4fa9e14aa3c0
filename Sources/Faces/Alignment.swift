import CKernels
import Foundation
import Parallel
import Volumes

/// How well the average head fits an image in a pose: normalised mutual information of their intensities (Studholme,
/// Hill and Hawkes 1999), which asks nothing of the contrast, less what an implausible head costs.
struct Fit: Sendable {
    private let points: HeadTemplate.Points
    private let subject: HeadImage.Levels
    private let subjectIndex: AffineMap

    /// - Throws: `FaceError` when the geometry is degenerate.
    init(_ points: HeadTemplate.Points, _ subject: HeadImage.Levels) throws(FaceError) {
        guard let index = AffineMap(subject.geometry).inverse else {
            throw FaceError(.unsupportedImage, "the steps of the geometry are degenerate")
        }
        (self.points, self.subject, subjectIndex) = (points, subject, index)
    }

    func callAsFunction(_ pose: Pose) -> Double { information(pose) - 0.05 * pose.implausibility }

    /// 1 (independent) to 2 (each tells the other); 0 where less than a third of the points lie in the image.
    func information(_ pose: Pose) -> Double {
        let count = HeadTemplate.levelCount
        var joint = [Float](repeating: 0, count: count * count)
        let map = subjectIndex.after(pose.map).after(HeadTemplate.indexToPosition)
        let inside = hk_joint_counts(
            subject.values, [subject.shape.width, subject.shape.height, subject.shape.depth], map.rows, points.indices,
            points.levels, points.levels.count, count, &joint)
        guard inside * 3 >= points.levels.count else { return 0 }
        return hk_normalized_information(joint, count)
    }
}

/// Uphill by Hooke and Jeeves (1961): one coordinate after the other, then on along what helped; halved steps when
/// nothing does. Needs no derivatives and few evaluations near a good start.
func climb(
    from start: Pose, _ coordinates: Range<Int>, step: Double, until smallest: Double, by score: (Pose) -> Double
) -> (pose: Pose, score: Double) {
    var (best, step) = (start, step)
    var bestScore = score(best)
    func explore(_ base: Pose, _ baseScore: Double) -> (Pose, Double) {
        var (pose, value) = (base, baseScore)
        for axis in coordinates {
            for sign in [1.0, -1.0] {
                var next = pose
                next.values[axis] += sign * step
                let nextScore = score(next)
                if nextScore > value {
                    (pose, value) = (next, nextScore)
                    break
                }
            }
        }
        return (pose, value)
    }
    while step >= smallest {
        let (found, value) = explore(best, bestScore)
        guard value > bestScore + 1e-6 else {
            step /= 2
            continue
        }
        var further = found
        for axis in coordinates { further.values[axis] += found.values[axis] - best.values[axis] }
        (best, bestScore) = (found, value)
        let (next, nextScore) = explore(further, score(further))
        if nextScore > bestScore { (best, bestScore) = (next, nextScore) }
    }
    return (best, bestScore)
}
