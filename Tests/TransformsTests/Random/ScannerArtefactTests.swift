import Parallel
import Testing
import Volumes

@testable import Transforms

@Suite struct ScannerArtefactTests {
    let recorded = RecordedRandom.shared

    @Test(arguments: RecordedRandom.shared.ghosting.indices) func ghostingEqualsNumpysTransform(index: Int) throws {
        let one = recorded.ghosting[index]
        let axis = try #require(Axis(rawValue: one.axis))
        for workers in [1, 3] {
            var volume = recorded.cube()
            try volume.apply(
                Ghosting(axis: axis, ghosts: one.ghosts, intensity: one.intensity, restore: one.restore),
                workers: Workers(count: workers))
            #expect(largestDifference(volume.voxels, one.values) < 2e-6)
        }
    }

    @Test(arguments: RecordedRandom.shared.motion.indices) func motionEqualsNumpysTransform(index: Int) throws {
        let one = recorded.motion[index]
        let axis = try #require(Axis(rawValue: one.axis))
        let movements = one.movements.map {
            AffineWarp(degrees: vector($0.degrees), translation: vector($0.translation))
        }
        var first: [Float]?
        for workers in [1, 2, 4] {
            var plane = recorded.slice
            try plane.apply(
                Motion(axis: axis, times: one.times, movements: movements), workers: Workers(count: workers))
            #expect(largestDifference(plane.voxels, one.values) < 2e-6)
            first = first ?? plane.voxels
            #expect(plane.voxels == first)
        }
    }

    /// Squares of such numbers are none in Float32.
    @Test(arguments: [1e-25, 1e25] as [Float]) func magnitudesOfAnySizeStay(factor: Float) throws {
        let motion = Motion(
            axis: .y, times: [0.4], movements: [AffineWarp(degrees: [0, 0, 3], translation: [1, 2, 0])])
        var (usual, scaled) = (recorded.cube(), recorded.cube())
        scaled.withMutableVoxels { for index in $0.indices { $0[index] *= factor } }
        try usual.apply(motion)
        try scaled.apply(motion)
        #expect(largestDifference(scaled.voxels.map { $0 / factor }, usual.voxels) < 1e-5)
    }

    @Test func whoLiesStillHasNoArtefact() throws {
        var volume = recorded.cube()
        try volume.apply(Motion(axis: .y, times: [0.4], movements: [AffineWarp()]))
        #expect(largestDifference(volume.voxels, recorded.volume) < 1e-6)
        try volume.apply(Ghosting(axis: .x, ghosts: 4, intensity: 0))
        #expect(largestDifference(volume.voxels, recorded.volume) < 2e-6)
    }

    /// The middle of k-space is where brightness is: its position is the image's.
    @Test func theImageStaysWhereItsMiddleIsMeasured() throws {
        let motion = Motion(axis: .x, times: [0.1], movements: [AffineWarp(translation: [3, 0, 0])])
        let positions = motion.positions(count: 20)
        #expect(positions.map(\.lines) == [0..<2, 2..<20])
        #expect(positions[1].movement.isIdentity)
    }

    @Test func whatCannotBeIsRefused() {
        var slice = recorded.slice
        #expect(throws: TransformError.self) { try slice.apply(Ghosting(axis: .z, ghosts: 3, intensity: 1)) }
        #expect(throws: TransformError.self) { try slice.apply(Ghosting(axis: .x, ghosts: 1, intensity: 1)) }
        #expect(throws: TransformError.self) { try slice.apply(Motion(axis: .z, times: [], movements: [])) }
        #expect(throws: TransformError.self) { try slice.apply(Motion(axis: .x, times: [0.5], movements: [])) }
        var negative = RecordedTransforms.row([-1, 2, 3])
        #expect(throws: TransformError.self) { try negative.apply(Motion(axis: .x, times: [], movements: [])) }
    }
}
