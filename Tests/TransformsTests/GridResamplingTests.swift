import Parallel
import Testing
import Transforms
import Volumes

struct GridResamplingTests {
    private let shape = Shape(channels: 2, depth: 5, height: 6, width: 7)
    private let geometry = Geometry(
        origin: [3, -2, 1], xStep: [0.9, 0.1, 0], yStep: [-0.1, 1.1, 0.2], zStep: [0, -0.3, 2])

    private var volume: Volume {
        Volume(
            voxels: (0..<shape.count).map { Float(($0 &* 7919) % 251) }, shape: shape, geometry: geometry)
    }

    @Test func theSameGridGivesTheSameVoxels() throws {
        let found = try volume.resampled(onto: geometry, shape: shape)
        #expect(zip(found.voxels, volume.voxels).allSatisfy { abs($0 - $1) < 1e-3 })
    }

    /// Trilinear interpolation gives a plane back, wherever the grid lies and however it is turned.
    @Test func aPlaneStaysAPlane() throws {
        func plane(_ p: SIMD3<Double>) -> Double { 2 * p.x - 3 * p.y + 0.5 * p.z + 7 }
        var values: [Float] = []
        for z in 0..<5 {
            for y in 0..<6 {
                for x in 0..<7 {
                    values.append(Float(plane(geometry.position(ofIndex: [Double(x), Double(y), Double(z)]))))
                }
            }
        }
        let single = Shape(depth: 5, height: 6, width: 7)
        let volume = Volume(voxels: values, shape: single, geometry: geometry)
        let target = Geometry(origin: geometry.position(ofIndex: [2, 2, 1]), spacing: [0.3, 0.2, 0.4])
        let size = Shape(depth: 3, height: 4, width: 5)
        let found = try volume.resampled(onto: target, shape: size, fill: -1000)
        for (index, value) in found.voxels.enumerated() {
            let place = SIMD3(Double(index % 5), Double(index / 5 % 4), Double(index / 20))
            #expect(abs(Double(value) - plane(target.position(ofIndex: place))) < 1e-4)
        }
        #expect(found.geometry == target)
    }

    @Test func beyondHalfAVoxelStandsTheFill() throws {
        let volume = Volume(
            voxels: [1, 2, 3], shape: Shape(depth: 1, height: 1, width: 3), geometry: Geometry(spacing: [1, 1, 1]))
        let target = Geometry(origin: [-1, 0, 0], spacing: [0.5, 1, 1])
        let found = try volume.resampled(onto: target, shape: Shape(depth: 1, height: 1, width: 9), fill: -9)
        #expect(found.voxels == [-9, 1, 1, 1.5, 2, 2.5, 3, 3, -9])
    }

    @Test func workersDoNotShow() throws {
        let target = Geometry(origin: [3.2, -1.5, 1.7], spacing: [0.7, 0.6, 0.9])
        let size = Shape(depth: 6, height: 7, width: 8)
        let expected = try volume.resampled(onto: target, shape: size).voxels
        for count in [2, 4] {
            #expect(try volume.resampled(onto: target, shape: size, workers: Workers(count: count)).voxels == expected)
        }
    }
}
