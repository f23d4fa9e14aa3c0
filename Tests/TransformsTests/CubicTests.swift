import Foundation
import Parallel
import TestSupport
import Testing
import Transforms
import Volumes

/// What SciPy and nibabel made of a small volume; see Tests/Peers/record_spatial.py.
private struct RecordedSpatial: Decodable {
    struct CubicCase: Decodable {
        var size: [Int]
        var antialias: Bool
        var values: [Float]
    }
    struct Reoriented: Decodable {
        var code: String
        var shape: [Int]
        var values: [Float]
        var affineRAS: [[Double]]
    }
    /// 7 x 9 x 11
    var volume: [Float]
    var affineRAS: [[Double]]
    var cubic: [CubicCase]
    var reoriented: [Reoriented]

    static let shared: RecordedSpatial = {
        do {
            let path = Fixtures.root + "/Tests/Peers/expected/spatial.json"
            return try JSONDecoder().decode(RecordedSpatial.self, from: Data(contentsOf: URL(filePath: path)))
        } catch {
            fatalError("spatial.json: \(error)")
        }
    }()

    var image: Volume {
        let column = { (index: Int) in
            SIMD3(-self.affineRAS[0][index], -self.affineRAS[1][index], self.affineRAS[2][index])
        }
        return Volume(
            voxels: volume, shape: Shape(depth: 7, height: 9, width: 11),
            geometry: Geometry(origin: column(3), xStep: column(0), yStep: column(1), zStep: column(2)))
    }
}

@Suite struct CubicTests {
    private let recorded = RecordedSpatial.shared

    @Test func theCubicSplineEqualsSciPy() throws {
        for expected in recorded.cubic {
            let ours = try recorded.image.resampled(
                depth: expected.size[0], height: expected.size[1], width: expected.size[2], interpolation: .cubic,
                antialias: expected.antialias)
            #expect(largestDifference(ours.voxels, expected.values) < 2e-6, "\(expected.size)")
        }
    }

    @Test func theSplineGoesThroughEveryVoxel() throws {
        let image = recorded.image
        let twice = try image.resampled(depth: 7, height: 9, width: 33, interpolation: .cubic, antialias: false)
        let middle = stride(from: 1, to: twice.voxels.count, by: 3).map { twice.voxels[$0] }
        #expect(largestDifference(middle, image.voxels) < 2e-6)
    }

    @Test func workersDoNotShow() throws {
        let one = try recorded.image.resampled(toSpacing: [0.3, 0.4, 0.7], interpolation: .cubic)
        for count in [2, 4] {
            let more = try recorded.image.resampled(
                toSpacing: [0.3, 0.4, 0.7], interpolation: .cubic, workers: Workers(count: count))
            #expect(more.voxels == one.voxels)
        }
    }

    @Test func acrossDistantSlicesTheNearestIsTaken() throws {
        let image = Volume(
            voxels: recorded.volume, shape: Shape(depth: 7, height: 9, width: 11),
            geometry: Geometry(spacing: [1, 1, 5]))
        let separate = try image.resampled(toSpacing: [1, 1, 2.5], interpolation: .cubic, picksAcross: true)
        #expect(separate.shape.depth == 14)
        for slice in 0..<14 { #expect(Array(separate.slice(slice)) == Array(image.slice(slice / 2))) }
        let even = try image.resampled(toSpacing: [1, 1, 2.5], interpolation: .cubic)
        #expect(even.voxels != separate.voxels)
    }

    @Test func anyAxisCodeEqualsNibabel() throws {
        for expected in recorded.reoriented {
            let ours = recorded.image.reoriented(to: try #require(AxisCode(expected.code)))
            #expect([ours.shape.depth, ours.shape.height, ours.shape.width] == expected.shape)
            #expect(ours.voxels == expected.values)
            for (row, sign) in [(0, -1.0), (1, -1.0), (2, 1.0)] {
                for column in 0..<4 {
                    let own = column < 3 ? ours.geometry.steps[column][row] : ours.geometry.origin[row]
                    #expect(abs(own * sign - expected.affineRAS[row][column]) < 1e-12)
                }
            }
        }
        #expect(AxisCode("LPX") == nil && AxisCode("LRS") == nil && AxisCode("LP") == nil)
    }
}
