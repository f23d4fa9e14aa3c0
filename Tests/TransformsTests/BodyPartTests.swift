import Testing
import Transforms
import Volumes

/// A patient of ellipses, HU, on 8 mm voxels, lengths in units of 4 mm: torso with two lungs, a neck and a head, a table with air inside.
@Suite struct BodyPartTests {
    private let shape = Shape(depth: 80, height: 50, width: 50)

    private func phantom(hasLungs: Bool = true, bowelGas: Bool = false) -> Volume {
        func isIn(_ x: Int, _ y: Int, _ z: Int, _ center: SIMD3<Double>, _ radii: SIMD3<Double>) -> Bool {
            let p = (SIMD3(Double(x), Double(y), Double(z)) - center) / radii
            return (p * p).sum() <= 1
        }
        var voxels = [Float](repeating: -1000, count: shape.count)
        for z in stride(from: 0, to: 160, by: 2) {
            for y in stride(from: 0, to: 100, by: 2) {
                for x in stride(from: 0, to: 100, by: 2) {
                    let index = (z / 2 * shape.height + y / 2) * shape.width + x / 2
                    let torso = z < 100 && isIn(x, y, 0, [50, 45, 0], [42, 28, 1])
                    let neck = (100..<120).contains(z) && isIn(x, y, 0, [50, 45, 0], [14, 14, 1])
                    let head = z >= 115 && isIn(x, y, z, [50, 45, 137], [19, 23, 21])
                    if torso || neck || head { voxels[index] = 40 }
                    let lung =
                        isIn(x, y, z, [28, 45, 70], [14, 18, 25]) || isIn(x, y, z, [72, 45, 70], [14, 18, 25])
                    if hasLungs && lung { voxels[index] = -820 }
                    if bowelGas && isIn(x, y, z, [50, 45, 20], [15, 10, 10]) { voxels[index] = -995 }
                    // A table whose hollow runs through all slices.
                    if (80..<90).contains(y) && (10..<90).contains(x) {
                        voxels[index] = (83..<87).contains(y) && (13..<87).contains(x) ? -940 : 100
                    }
                }
            }
        }
        return Volume(
            voxels: voxels, shape: shape, geometry: Geometry(spacing: [8, 8, 8]), modality: .ct)
    }

    @Test func lungsAreTheAirInTheBody() throws {
        let found = try phantom(bowelGas: true).region(.lungs)
        #expect(found.doubt == nil)
        let expected = 2 * 4.0 / 3 * Double.pi * 14 * 18 * 25 * 0.064
        #expect(abs((found.mask.milliliters ?? 0) / expected - 1) < 0.05)
        #expect(found.mask.boundingBox?.lower.z ?? 0 > 20)
    }

    @Test func withoutLungsThereIsADoubt() throws {
        let found = try phantom(hasLungs: false, bowelGas: true).region(.lungs)
        #expect(found.doubt?.hasPrefix("no lungs found") == true)
        #expect(found.mask.boundingBox == nil)
    }

    @Test func theBodyIsFilledAndTheTableIsNot() throws {
        let body = try phantom().region(.body)
        #expect(body.doubt == nil)
        #expect(body.mask.labels[(35 * 50 + 22) * 50 + 14] == 1)
        #expect(body.mask.labels[(35 * 50 + 40) * 50 + 25] == 0)
    }

    /// Sequences have no scale in common: what another one's values are is not asked.
    @Test func theFirstChannelDecides() throws {
        var alone = phantom()
        alone.modality = .mr
        var shape = alone.shape
        shape.channels = 2
        let stack = alone.with(
            voxels: alone.voxels + alone.voxels.map { 2 * $0 - 9000 }, shape: shape, geometry: alone.geometry)
        #expect(try stack.region(.body).mask.labels == alone.region(.body).mask.labels)
        #expect(try alone.region(.body).mask.labels.contains(0))
    }

    /// Upside down in memory, and along another axis of the grid, it is the same head.
    @Test func theHeadIsOnTop() throws {
        let upright = phantom()
        for volume in [upright, upright.flipped(.z)] {
            let head = try volume.region(.head)
            #expect(head.doubt == nil)
            let box = try #require(head.mask.boundingBox)
            let ends = [box.lower.z, box.upper.z].map { volume.geometry.position(ofIndex: [0, 0, $0 - 0.5]).z / 4 }
            #expect(abs(ends.max()! - 158) < 3 && abs(ends.max()! - ends.min()! - 58) < 3)
        }
        let torso = upright.cropped(to: Box(lower: .zero, upper: [50, 50, 45]))
        #expect(try torso.region(.head).doubt?.hasPrefix("no head found") == true)
    }

    /// A spacing that a damaged header tells makes a doubtful head of all slices, or of one.
    @Test func aHeadInSlicesOfAnyDistanceIsLookedFor() throws {
        var volume = phantom()
        for (spacing, isAll) in [(SIMD3(8, 8, 1e-30), true), (SIMD3(1e12, 1e12, 1e12), false)] {
            volume.geometry = Geometry(spacing: spacing)
            let head = try volume.region(.head)
            let box = try #require(head.mask.boundingBox)
            #expect(head.doubt != nil && (box.upper.z - box.lower.z > 1) == isAll)
        }
    }

    @Test func whatCannotShowAPartIsRefused() {
        var volume = phantom()
        volume.modality = .mr
        #expect(throws: TransformError.self) { try volume.region(.lungs) }
        volume.modality = .ct
        volume.attributes.rescales = [Rescale(slope: 1, intercept: -1024)]
        #expect(throws: TransformError.self) { try volume.region(.body) }
        let pixels = Volume(voxels: [0, 1], shape: Shape(depth: 1, height: 1, width: 2), geometry: .pixels)
        #expect(throws: TransformError.self) { try pixels.region(.head) }
    }

    @Test func valuesThatAreNoHUAreDoubted() throws {
        var volume = phantom()
        _ = try volume.normalize(.range(lower: -1000, upper: 400))
        #expect(try volume.region(.body).doubt == "no air found: the values do not look like HU")
    }
}
