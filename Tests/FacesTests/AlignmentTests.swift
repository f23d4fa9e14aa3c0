import CKernels
import Foundation
import TestSupport
import Testing
import Volumes

@testable import Faces

@Suite struct AlignmentTests {
    /// The kernels against the definition: trilinear value, shared between two levels, entropies in nats.
    @Test func informationEqualsItsDefinition() {
        var generator = SeededGenerator(seed: 1)
        let (nx, ny, nz, levels) = (6, 5, 4, 8)
        let subject = (0..<nx * ny * nz).map { _ in UInt8.random(in: 0..<8, using: &generator) }
        let map = AffineMap(x: [0.9, 0.1, 0], y: [-0.1, 0.8, 0.05], z: [0, 0.1, 0.7], offset: [0.2, 0.3, 0.1])
        var (points, own): ([Float], [UInt8]) = ([], [])
        for _ in 0..<400 {
            points += (0..<3).map { _ in Float.random(in: -1...6, using: &generator) }
            own.append(UInt8.random(in: 0..<8, using: &generator))
        }
        var counts = [Float](repeating: 0, count: levels * levels)
        let inside = hk_joint_counts(subject, [nx, ny, nz], map.rows, points, own, own.count, levels, &counts)

        var (expected, expectedInside) = ([Double](repeating: 0, count: levels * levels), 0)
        for index in own.indices {
            let p = map([Double(points[3 * index]), Double(points[3 * index + 1]), Double(points[3 * index + 2])])
            let sizes = [nx, ny, nz]
            guard (0..<3).allSatisfy({ p[$0] > -0.5 && p[$0] < Double(sizes[$0]) - 0.5 }) else { continue }
            expectedInside += 1
            var value = 0.0
            for z in 0..<nz {
                for y in 0..<ny {
                    for x in 0..<nx {
                        let c = SIMD3(min(max(p.x, 0), 5), min(max(p.y, 0), 4), min(max(p.z, 0), 3))
                        let w =
                            max(0, 1 - abs(c.x - Double(x))) * max(0, 1 - abs(c.y - Double(y)))
                            * max(0, 1 - abs(c.z - Double(z)))
                        value += w * Double(subject[(z * ny + y) * nx + x])
                    }
                }
            }
            let low = min(Int(value), levels - 2)
            expected[Int(own[index]) * levels + low] += 1 - (value - Double(low))
            expected[Int(own[index]) * levels + low + 1] += value - Double(low)
        }
        #expect(inside == expectedInside)
        #expect(zip(counts, expected).allSatisfy { abs(Double($0) - $1) < 1e-3 })

        let total = expected.reduce(0, +)
        func entropy(_ p: [Double]) -> Double { p.reduce(0) { $1 > 0 ? $0 - $1 / total * log($1 / total) : $0 } }
        let rows = (0..<levels).map { row in (0..<levels).reduce(0) { $0 + expected[row * levels + $1] } }
        let columns = (0..<levels).map { column in (0..<levels).reduce(0) { $0 + expected[$1 * levels + column] } }
        let information = (entropy(rows) + entropy(columns)) / entropy(expected)
        #expect(abs(hk_normalized_information(counts, levels) - information) < 1e-5)
    }

    @Test func climbingFindsTheTopOfAHill() {
        let top = [3.0, -7, 0.5, 11, -2, 6, 1, 0, -4, 2, 9, -1]
        let (pose, _) = climb(from: Pose(), 0..<12, step: 8, until: 0.01) { pose in
            -zip(pose.values, top).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        #expect(zip(pose.values, top).allSatisfy { abs($0 - $1) < 0.05 })
    }

    @Test func poseKeepsItsCenterAndInvertsExactly() throws {
        var pose = Pose(translation: [5, -3, 20])
        pose.nod(by: 0.3)
        pose.grow(to: 1.2)
        let moved = pose.map(Pose.center)
        #expect((moved - Pose.center - [5, -3, 20]).length < 1e-9)
        let back = try #require(pose.map.inverse)
        #expect((back(pose.map([10, 20, 30])) - [10, 20, 30]).length < 1e-9)
        #expect(abs(pose.map.largestStretch - 1.2) < 1e-9)
        #expect(pose.isUpright)
    }

    @Test func thereAre24DifferentTurns() {
        #expect(Set(AffineMap.rightAngles).count == 24)
        #expect(AffineMap.rightAngles[0] == .identity)
        #expect(AffineMap.rightAngles.allSatisfy { abs($0.determinant - 1) < 1e-12 })
    }
}
