import Parallel
import TestSupport
import Testing
import Volumes

@testable import Transforms

@Suite struct RegistrationTests {
    @Test func aRigidMoveIsFoundAgain() throws {
        let found = try Registration(kind: .rigid, resolution: 2).register(
            Phantom(moved: Phantom.rigidMove).volume(contrast: \.inverse), to: Phantom().volume())
        #expect(found.transform.meanDistance(to: Phantom.rigidMove, over: Phantom.points) < 0.1)
        #expect(abs(found.transform.determinant - 1) < 1e-9)
        #expect(found.visible > 0.5 && found.information > 0.3)
    }

    @Test func anAffineMoveIsFoundAgainAndUndone() throws {
        let (fixed, moving) = (Phantom().volume(), Phantom(moved: Phantom.smallMove).volume())
        let found = try Registration(kind: .affine, resolution: 2).register(moving, to: fixed)
        #expect(found.transform.meanDistance(to: Phantom.smallMove, over: Phantom.points) < 0.15)
        var moved = moving
        moved.geometry = moving.geometry.moved(by: try #require(found.transform.inverse))
        let resampled = try moved.resampled(onto: Grid(fixed))
        func difference(_ other: Volume) -> Float {
            zip(fixed.voxels, other.voxels).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(fixed.shape.count)
        }
        #expect(difference(resampled) < 0.1 * difference(moving))
    }

    @Test func threadsDoNotChangeABit() throws {
        let (fixed, moving) = (Phantom().volume(), Phantom(moved: Phantom.smallMove).volume())
        var registration = Registration(kind: .affine, resolution: 2)
        registration.search.turns = [0]
        let alone = try registration.register(moving, to: fixed)
        for threads in [2, 4] {
            let together = try registration.register(moving, to: fixed, workers: Workers(count: threads))
            #expect(alone.transform == together.transform)
            #expect(alone.information == together.information && alone.iterations == together.iterations)
        }
    }

    @Test func aSingleLevelIsEnoughForAnAffineMap() throws {
        let (fixed, moving) = (Phantom().volume(), Phantom(moved: Phantom.smallMove).volume())
        // Voxels of 10 mm: any coarser, and there would be none left.
        var registration = Registration(kind: .affine, resolution: 10)
        registration.search.turns = [0]
        let found = try registration.register(moving, to: fixed)
        #expect(found.iterations.count == 2)
        #expect(found.transform.meanDistance(to: Phantom.smallMove, over: Phantom.points) < 2)
    }

    @Test func whatCannotBeAlignedIsRefused() throws {
        let fixed = Phantom().volume()
        func refusal(_ moving: Volume) -> TransformError.Code? {
            do throws(TransformError) {
                var registration = Registration(kind: .affine, resolution: 4)
                registration.search.turns = [0]
                _ = try registration.register(moving, to: fixed)
                return nil
            } catch { return error.code }
        }
        let shape = fixed.shape
        #expect(
            refusal(fixed.with(voxels: .init(repeating: 3, count: shape.count), shape: shape, geometry: fixed.geometry))
                == .registrationFailed)
        var broken = fixed.voxels
        broken[7] = .nan
        #expect(refusal(fixed.with(voxels: broken, shape: shape, geometry: fixed.geometry)) == .notFinite)
        #expect(refusal(fixed.with(voxels: fixed.voxels, shape: shape, geometry: .pixels)) == .missingInformation)
        let slice = Shape(depth: 1, height: shape.height, width: shape.width)
        #expect(
            refusal(fixed.with(voxels: Array(fixed.slice(32)), shape: slice, geometry: fixed.geometry))
                == .registrationFailed)
        var generator = SeededGenerator(seed: 8)
        let noise = (0..<shape.count).map { _ in Float.random(in: 0...1, using: &generator) }
        #expect(refusal(fixed.with(voxels: noise, shape: shape, geometry: fixed.geometry)) == .registrationFailed)
        // A fifth of the size: no two heads differ so much.
        let small = Geometry(origin: fixed.geometry.origin * 0.2, spacing: fixed.geometry.spacing * 0.2)
        #expect(refusal(fixed.with(voxels: fixed.voxels, shape: shape, geometry: small)) == .registrationFailed)
    }
}

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
}
