import Foundation
import Parallel
import TestSupport
import Testing
import Volumes

@testable import Transforms

@Suite struct MutualInformationTests {
    private func metric(
        _ fixed: Volume, _ moving: Volume, mask: Mask? = nil, bins: Int = 32, isJittered: Bool = true, workers: Int = 1
    )
        throws -> MutualInformation
    {
        let samples = try FixedSamples(fixed, mask: mask, spacing: 2, isJittered: isJittered, binCount: bins)
        let range = moving.voxels.min()!...moving.voxels.max()!
        return try MutualInformation(
            samples: samples, moving: moving, range: range, binCount: bins, workers: Workers(count: workers))
    }

    @Test func valuesBeyondTheRangeCountAsItsEnds() {
        let axis = BinAxis(0...1, count: 32)
        #expect([-3.4e38, 0, 0.5, 1, 3.4e38].map(axis.bin(of:)) == [2, 2, 16, 29, 29])
    }

    @Test(arguments: TransformKind.allCases) func derivativesEqualDifferences(kind: TransformKind) throws {
        let (fixed, moving) = (Phantom().volume(), Phantom(moved: Phantom.smallMove).volume(contrast: \.inverse))
        // All points stay within the moving image: where one leaves it the information jumps.
        let (shape, geometry) = (Shape(depth: 1, height: 1, width: 1), Geometry(spacing: SIMD3(repeating: 80)))
        let metric = try metric(fixed, moving, mask: Mask(labels: [1], shape: shape, geometry: geometry))
        let space = Parameterization(
            kind: kind,
            start: AffineTransform(
                columns: [[0.97, 0.05, 0], [-0.04, 1.02, 0.03], [0.01, -0.02, 0.98]], offset: [1, -2, 0.5]),
            center: metric.samples.center, radius: metric.samples.radius)
        let point = (0..<space.count).map { 0.3 * Double(($0 * 7) % 5 - 2) }
        let gradient = space.gradient(at: point, metric(space(point)))
        #expect(gradient.contains { abs($0) > 0.01 })
        for axis in 0..<space.count {
            // Small enough to stay between the kinks of the trilinear image, large enough for float values.
            func shifted(_ step: Double) -> Double {
                var next = point
                next[axis] += step
                return metric(space(next)).information
            }
            let difference = (shifted(0.02) - shifted(-0.02)) / 0.04
            #expect(abs(difference - gradient[axis]) < 0.002 + 0.02 * abs(difference), "parameter \(axis)")
        }
    }

    @Test func valuesEqualSimpleITK() throws {
        let recorded = try RecordedMetric.load()
        let shape = Shape(depth: recorded.shape[0], height: recorded.shape[1], width: recorded.shape[2])
        let fixed = Volume(
            voxels: recorded.fixed, shape: shape, geometry: Geometry(origin: [-10, 3, 5], spacing: [1.5, 1.25, 2]))
        let moving = Volume(
            voxels: recorded.moving, shape: shape,
            geometry: Geometry(origin: [-9.5, 2.5, 4.75], spacing: [1.4, 1.3, 2.1]))
        for expected in recorded.cases {
            let m = expected.matrix
            let transform = AffineTransform(
                columns: [[m[0], m[3], m[6]], [m[1], m[4], m[7]], [m[2], m[5], m[8]]],
                offset: [expected.translation[0], expected.translation[1], expected.translation[2]])
            // Cells smaller than any voxel: one point in the middle of each voxel.
            let samples = try FixedSamples(
                fixed, mask: nil, spacing: 0.1, limits: 1...Int.max, isJittered: false, binCount: expected.bins)
            #expect(samples.count == shape.count)
            let metric = try MutualInformation(
                samples: samples, moving: moving, range: recorded.moving.min()!...recorded.moving.max()!,
                binCount: expected.bins, workers: .single)
            #expect(abs(metric.information(transform).information + expected.metric) < 1e-4)
        }
    }

    @Test(arguments: [2, 4]) func threadsDoNotChangeABit(threads: Int) throws {
        let (fixed, moving) = (Phantom(size: 96).volume(), Phantom(size: 96, moved: Phantom.smallMove).volume())
        let alone = try metric(fixed, moving)(.identity)
        let together = try metric(fixed, moving, workers: threads)(.identity)
        #expect(alone.information == together.information)
        #expect(alone.linear == together.linear && alone.target == together.target)
    }

    @Test func independentImagesShareNothing() throws {
        var generator = SeededGenerator(seed: 3)
        let shape = Shape(depth: 40, height: 40, width: 40)
        func noise() -> Volume {
            Volume(
                voxels: (0..<shape.count).map { _ in Float.random(in: 0...1, using: &generator) }, shape: shape,
                geometry: Geometry(spacing: .one))
        }
        let metric = try metric(noise(), noise(), bins: 12)
        #expect(metric.information(.identity).information < 0.02)
        #expect(metric.information(AffineTransform(translation: [100, 0, 0])) == (0, 0))
    }
}

private struct RecordedMetric: Decodable {
    struct Case: Decodable {
        var matrix, translation: [Double]
        var bins: Int
        var metric: Double
    }
    var shape: [Int]
    var fixed, moving: [Float]
    var cases: [Case]

    static func load() throws -> RecordedMetric {
        let path = Fixtures.root + "/Tests/Peers/expected/registration.json"
        return try JSONDecoder().decode(RecordedMetric.self, from: Data(contentsOf: URL(filePath: path)))
    }
}
