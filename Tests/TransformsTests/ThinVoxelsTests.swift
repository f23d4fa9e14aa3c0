import Testing
import Transforms
import Volumes

/// Voxels far smaller along one axis than along the others: nothing is counted in them that the image does not hold.
@Suite struct ThinVoxelsTests {
    private func volume(depth: Int = 2, thickness: Double) -> Volume {
        Volume(
            voxels: (0..<depth * 36).map(Float.init), shape: Shape(depth: depth, height: 6, width: 6),
            geometry: Geometry(spacing: [1, 1, thickness]))
    }

    @Test(arguments: Interpolation.allCases) func resamplingTakesWhatThereIs(interpolation: Interpolation) throws {
        let one = try volume(thickness: 1e-12).resampled(toSpacing: [1, 1, 1], interpolation: interpolation)
        #expect(one.shape == Shape(depth: 1, height: 6, width: 6))
        let expected = (0..<36).map { Float($0) + (interpolation == .nearest ? 36 : 18) }
        #expect(largestDifference(one.voxels, expected) < 1e-3)
    }

    @Test func aSliceAloneIsDeformedInItsPlane() {
        let shape = Shape(depth: 1, height: 6, width: 6)
        func field(_ thickness: Double) -> DisplacementField {
            .elastic(
                shape, spacing: [1, 1, thickness], alpha: 2, sigma: 1, random: Philox(seed: 1, item: "a", stage: 0))
        }
        #expect(field(1e-10).components == field(1).components)
    }

    @Test func aLesionFillsThem() throws {
        var (volume, labels) = (volume(thickness: 1e-20), [UInt8](repeating: 0, count: 72))
        let lesion = Lesion(center: [3, 3, 0], radii: [2, 2, 2], edge: 0.5, contrasts: [5])
        let box = try volume.add(lesion, label: 1, to: &labels)
        #expect(box.upper.z == 2 && labels.contains(1))
    }
}
