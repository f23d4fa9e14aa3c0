import TestSupport
import Testing
import Volumes

@testable import Faces

@Suite struct HeadCheckTests {
    @Test func brainsAloneHaveNoFace() {
        var head = TestHead()
        head.isBrainAlone = true
        let examined = HeadCheck.examine(head.mr)
        #expect(examined.finding == .headWithoutFace, "\(examined)")
        #expect(throws: FaceError.self) { try Defacing.deface(head.mr, examination: examined) }
    }

    @Test(.enabled(if: !isSanitized, "whole heads take long, and others of these tests go the same way"))
    func wrongDirectionsAreNoticed() {
        let volume = TestHead().mr
        var geometry = volume.geometry
        // The file says that rows run to anterior, and they do not.
        geometry.steps[1] = -geometry.steps[1]
        let examined = HeadCheck.examine(volume.claiming(geometry))
        #expect(examined.finding == .unsure)
        #expect(examined.measures.orientationLead < 0)
    }

    /// A trunk of soft tissue with a spine, as wide as trunks are.
    private func trunk(_ modality: Modality) -> Volume {
        let shape = Shape(depth: 30, height: 60, width: 90)
        var voxels: [Float] = []
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<shape.depth {
            for y in 0..<shape.height {
                for x in 0..<shape.width {
                    let (u, v) = (Float(x - 45) / 42, Float(y - 30) / 26)
                    let isSpine = (x - 45) * (x - 45) + (y - 45) * (y - 45) < 20
                    let value: Float = isSpine ? 400 : u * u + v * v < 1 ? 40 : -1000
                    voxels.append(value + Float.random(in: -10...10, using: &generator))
                }
            }
        }
        return Volume(voxels: voxels, shape: shape, geometry: Geometry(spacing: [4, 4, 5]), modality: modality)
    }

    @Test func trunksHaveNoHead() throws {
        let examined = HeadCheck.examine(trunk(.ct))
        #expect(examined.finding == .noHead)
        // A limb's cross-section is no larger than a neck's: only a hint lets it go.
        var limb = examined.measures
        limb.leastSliceArea = 90
        #expect(throws: FaceError.self) { try HeadCheck.judge(limb, HeadHints()) }
        #expect(throws: FaceError.self) { try HeadCheck.judge(limb, HeadHints(bodyParts: ["HEADNECK"])) }
        #expect(try HeadCheck.judge(limb, HeadHints(bodyParts: ["knee"])).0 == .noHead)
    }

    @Test func imagesThatCannotBeJudgedAreUnsure() {
        let shape = Shape(depth: 8, height: 8, width: 8)
        let pixels = Volume(voxels: [Float](repeating: 1, count: 512), shape: shape, geometry: .pixels, modality: .mr)
        #expect(HeadCheck.examine(pixels).doubt == .unsupportedImage)
        let flat = pixels.claiming(Geometry(spacing: [4, 4, 4]))
        #expect(HeadCheck.examine(flat).doubt == .unsupportedImage)
        for step in [1e300, .nan, 0, 40] {
            let odd = Volume(
                voxels: (0..<512).map(Float.init), shape: shape, geometry: Geometry(spacing: [4, step, 4]),
                modality: .mr)
            #expect(HeadCheck.examine(odd).doubt == .unsupportedImage)
        }
        var gaps = (0..<512).map(Float.init)
        gaps[100] = .nan
        let broken = Volume(voxels: gaps, shape: shape, geometry: Geometry(spacing: [4, 4, 4]), modality: .mr)
        #expect(HeadCheck.examine(broken).doubt == .unsupportedImage)
        let counts = Volume(
            voxels: (0..<512).map { Float($0) - 256 }, shape: shape, geometry: Geometry(spacing: [4, 4, 4]),
            modality: .ct)
        #expect(HeadCheck.examine(counts).doubt == .contrastUnknown)
        let pet = Volume(
            voxels: (0..<512).map(Float.init), shape: shape, geometry: Geometry(spacing: [4, 4, 4]), modality: .pet)
        #expect(HeadCheck.examine(pet).doubt == .contrastUnknown)
    }

    @Test func bodyPartsAreReadInAnyCase() {
        #expect(HeadHints(bodyParts: ["Brain"]).isHead == true)
        #expect(HeadHints(bodyParts: ["chest"]).isHead == false)
        #expect(HeadHints(bodyParts: ["HEAD AND CHEST"]).isHead == true)
        #expect(HeadHints(bodyParts: ["UNKNOWN"]).isHead == nil)
        #expect(HeadHints().isHead == nil)
    }

    @Test func bodyPartsAreReadInWholeWords() {
        for part in ["HIPPOCAMPUS", "HIPOFISIS", "COLONNE CERVICAL", "CHEST CRANE", "LEGEND", "LEFT", ""] {
            #expect(HeadHints(bodyParts: [part]).isHead == nil, "\(part)")
        }
        for part in ["HEADNECK", "Orbits", "BRAIN_STEM"] { #expect(HeadHints(bodyParts: [part]).isHead == true) }
        for part in ["HEART", "LEFT_KNEE", "CHEST\\ABDOMEN", "L HIP"] {
            #expect(HeadHints(bodyParts: [part]).isHead == false, "\(part)")
        }
    }

    @Test func ofSeveralBodyPartsTheMostCarefulCounts() {
        #expect(HeadHints(bodyParts: ["CHEST", "HEAD"]).isHead == true)
        #expect(HeadHints(bodyParts: ["CHEST", ""]).isHead == nil)
        #expect(HeadHints(bodyParts: ["CHEST", "ABDOMEN"]).isHead == false)
    }
}
