import Testing
import Transforms
import Volumes

/// Which instance stands behind a slice, after transforms that move slices: two time points of four slices each.
@Suite struct SliceSourcesTests {
    private let volume = {
        let shape = Shape(channels: 2, depth: 4, height: 3, width: 3)
        var attributes = Attributes()
        attributes.channelAxis = .time(stepSeconds: nil)
        attributes.sliceSources = ["a0", "a1", "a2", "a3", "b0", "b1", "b2", "b3"].map {
            SliceSource(sopInstanceUID: $0)
        }
        return Volume(
            voxels: (0..<shape.count).map(Float.init), shape: shape, geometry: Geometry(spacing: [1, 1, 2]),
            attributes: attributes)
    }()

    private func sources(_ volume: Volume) -> [String] { volume.attributes.sliceSources.map(\.sopInstanceUID) }

    @Test func reversedSlicesStayWithinTheirTimePoint() {
        let reversed = ["a3", "a2", "a1", "a0", "b3", "b2", "b1", "b0"]
        #expect(sources(volume.flipped(.z)) == reversed)
        #expect(sources(volume.flipped(.x)) == sources(volume))
        var inverted = volume
        inverted.geometry.steps[2].z = -2
        #expect(sources(inverted.reorientedToLPS()) == reversed)
    }

    @Test func cutSlicesGoAndAddedOnesHaveNone() {
        let cut = volume.cropped(offset: [0, 0, 1], depth: 2, height: 3, width: 3, fill: 0)
        #expect(sources(cut) == ["a1", "a2", "b1", "b2"])
        #expect(
            sources(volume.centered(depth: 6, height: 2, width: 2, fill: 0))
                == ["", "a0", "a1", "a2", "a3", "", "", "b0", "b1", "b2", "b3", ""])
    }

    @Test(arguments: [Interpolation.nearest, .linear, .cubic])
    func resampledSlicesHaveTheNearest(interpolation: Interpolation) throws {
        let fine = try volume.resampled(toSpacing: [1, 1, 1], interpolation: interpolation)
        #expect(sources(fine).prefix(8) == ["a0", "a0", "a1", "a1", "a2", "a2", "a3", "a3"])
        #expect(sources(fine).count == 16)
        let few = try volume.resampled(depth: 2, height: 5, width: 5, interpolation: interpolation)
        #expect(sources(few) == ["a1", "a3", "b1", "b3"])
        #expect(sources(try volume.resampled(depth: 4, height: 5, width: 5)) == sources(volume))
    }

    @Test func warpsWithinThePlaneKeepThemAndTiltsForgetThem() throws {
        let turned = AffineWarp(degrees: [0, 0, 30], scale: [2, 1.5, 1], translation: [1, 0, 0])
        #expect(sources(try volume.warped(by: turned)) == sources(volume))
        #expect(
            sources(try volume.warped(by: AffineWarp(translation: [0.5, 0, 2])))
                == ["", "a0", "a1", "a2", "", "b0", "b1", "b2"])
        #expect(
            sources(try volume.warped(by: AffineWarp(scale: [1, 1, 2])))
                == ["a1", "a1", "a2", "a2", "b1", "b1", "b2", "b2"])
        #expect(sources(try volume.warped(by: AffineWarp(degrees: [5, 0, 0]))).isEmpty)
    }

    @Test(arguments: [(Float(0.4), true), (-0.9, false)])
    func fieldsThatReachOtherSlicesForgetThem(displacement: Float, areKept: Bool) throws {
        let count = volume.shape.voxelCount
        let still = [Float](repeating: 0, count: count)
        let field = DisplacementField(
            shape: volume.shape, components: [still, still, [Float](repeating: displacement, count: count)])
        #expect(sources(try volume.warped(by: field)) == (areKept ? sources(volume) : []))
    }
}
