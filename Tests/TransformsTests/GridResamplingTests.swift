import Parallel
import Testing
import Transforms
import Volumes

@Suite struct GridResamplingTests {
    /// Linear in its position, so that trilinear interpolation gives it back anywhere.
    private func ramp(_ shape: Shape, _ geometry: Geometry) -> Volume {
        Volume(
            voxels: (0..<shape.count).map { offset in
                let index = SIMD3(
                    Double(offset % shape.width), Double(offset / shape.width % shape.height),
                    Double(offset / shape.sliceCount))
                return Float(geometry.position(ofIndex: index).dot([1, 10, 100]))
            }, shape: shape, geometry: geometry)
    }

    @Test func aTurnedGridKeepsValuesAtTheirPlaces() throws {
        let volume = ramp(Shape(depth: 20, height: 24, width: 22), Geometry(origin: [-10, -12, -9], spacing: .one))
        let geometry = Geometry(
            origin: [-2, -3, -1], xStep: [0.6, 0.2, 0], yStep: [-0.1, 0, 0.7], zStep: [0.2, -0.8, 0.1])
        let grid = Grid(shape: Shape(depth: 6, height: 5, width: 7), geometry: geometry)
        let result = try volume.resampled(onto: grid)
        let expected = ramp(grid.shape, geometry)
        #expect(result.geometry == geometry)
        #expect(zip(result.voxels, expected.voxels).allSatisfy { abs($0 - $1) < 2e-3 })
    }

    @Test func beyondTheOuterFacesComesTheFillValue() throws {
        let volume = Volume(
            voxels: [1, 2, 3, 4, 5, 6, 7, 8], shape: Shape(depth: 2, height: 2, width: 2),
            geometry: Geometry(spacing: .one))
        let grid = Grid(
            shape: Shape(depth: 1, height: 1, width: 5),
            geometry: Geometry(origin: [-0.6, 0, 0], spacing: [0.55, 1, 1]))
        // At -0.6, -0.05, 0.5, 1.05 and 1.6.
        #expect(try volume.resampled(onto: grid, fill: -7).voxels == [-7, 1, 1.5, 2, -7])
        #expect(try volume.resampled(onto: grid, isNearest: true, fill: -7).voxels == [-7, 1, 2, 2, -7])
    }

    @Test func channelsAndWordsComeAlong() throws {
        let words = (0..<2 * 27).map { UInt16($0) }
        let volume = Volume(
            storage: .words(words, WordValues((0..<65536).map { Float($0) * 0.5 })),
            shape: Shape(channels: 2, depth: 3, height: 3, width: 3), geometry: Geometry(spacing: .one))
        let result = try volume.resampled(onto: Grid(volume), workers: Workers(count: 2))
        #expect(result.shape == volume.shape && result.voxels == volume.voxels)
    }

    @Test func aCoarseGridIsFilteredFirst() throws {
        let shape = Shape(depth: 2, height: 2, width: 64)
        let stripes = Volume(
            voxels: (0..<shape.count).map { Float($0 % 2) }, shape: shape, geometry: Geometry(spacing: [0.5, 1, 1]))
        let grid = Grid(
            shape: Shape(depth: 2, height: 2, width: 16), geometry: Geometry(origin: [0.75, 0, 0], spacing: [2, 1, 1]))
        let result = try stripes.resampled(onto: grid).voxels
        // Within: at the ends of a row the filter is cut.
        #expect(
            result.enumerated().allSatisfy { (1..<15).contains($0.offset % 16) ? abs($0.element - 0.5) < 0.01 : true })
    }

    private let shape = Shape(channels: 2, depth: 5, height: 6, width: 7)
    private let geometry = Geometry(
        origin: [3, -2, 1], xStep: [0.9, 0.1, 0], yStep: [-0.1, 1.1, 0.2], zStep: [0, -0.3, 2])

    private var volume: Volume {
        Volume(
            voxels: (0..<shape.count).map { Float(($0 &* 7919) % 251) }, shape: shape, geometry: geometry)
    }

    @Test func theSameGridGivesTheSameVoxels() throws {
        let found = try volume.resampled(onto: Grid(volume), antialias: false)
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
        let found = try volume.resampled(onto: Grid(shape: size, geometry: target), antialias: false, fill: -1000)
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
        let found = try volume.resampled(
            onto: Grid(shape: Shape(depth: 1, height: 1, width: 9), geometry: target), antialias: false, fill: -9)
        #expect(found.voxels == [-9, 1, 1, 1.5, 2, 2.5, 3, 3, -9])
    }

    @Test func workersDoNotShow() throws {
        let target = Geometry(origin: [3.2, -1.5, 1.7], spacing: [0.7, 0.6, 0.9])
        let size = Shape(depth: 6, height: 7, width: 8)
        let expected = try volume.resampled(onto: Grid(shape: size, geometry: target), antialias: false).voxels
        for count in [2, 4] {
            #expect(
                try volume.resampled(
                    onto: Grid(shape: size, geometry: target), antialias: false, workers: Workers(count: count)
                ).voxels == expected)
        }
    }
}
