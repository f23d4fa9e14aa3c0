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
        // A twentieth: one voxel is all that the coarsest level has.
        let tiny = Geometry(origin: fixed.geometry.origin * 0.05, spacing: fixed.geometry.spacing * 0.05)
        #expect(refusal(fixed.with(voxels: fixed.voxels, shape: shape, geometry: tiny)) == .registrationFailed)
        // A fifth of the size: no two heads differ so much.
        let small = Geometry(origin: fixed.geometry.origin * 0.2, spacing: fixed.geometry.spacing * 0.2)
        #expect(refusal(fixed.with(voxels: fixed.voxels, shape: shape, geometry: small)) == .registrationFailed)
    }
}
