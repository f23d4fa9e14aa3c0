import DataSets
import Deidentification
import Foundation
import Pipelines
import TestSupport
import Testing

@testable import Stages

/// What `hilum anonymize` says of pixels, and of which it may say so.
@Suite(.serialized) struct PixelExaminationTests {
    private let world: AnonymizationWorld

    init() throws { world = try AnonymizationWorld() }

    private func text(_ tag: DataSets.Tag, _ text: String) -> DataElement { DataElement(tag, .CS, text: text) }

    /// The results' methods (PS3.16 CID 7050) and their Burned In Annotation.
    private func claims(_ entry: ManifestEntry) throws -> (codes: [String], burnedIn: String) {
        let file = try PartTenFile(path: "\(world.out)/\(#require(entry.outputs.first))").dataSet
        let items = file[Tag(0x0012, 0x0064)]?.items ?? []
        return (items.map { $0.text(Tag(0x0008, 0x0100)) }, file.text(.burnedInAnnotation))
    }

    @Test func whatNobodyLookedAtIsNotCalledClean() async throws {
        try world.put("a.dcm", ["instance": "1.2.3.1"]) { dataSet in
            dataSet.set(text(Tag(0x0008, 0x0008), "ORIGINAL\\PRIMARY\\AXIAL"))
        }
        let slice = try claims(#require(await world.run([.cleanPixelData]).first))
        #expect(slice.codes == ["113100"] && slice.burnedIn == "")
    }

    @Test func localizersAreLookedAt() async throws {
        try world.put("a.dcm", ["instance": "1.2.3.1"]) { dataSet in
            dataSet.set(text(Tag(0x0008, 0x0008), "ORIGINAL\\PRIMARY\\LOCALIZER"))
        }
        let localizer = try claims(#require(await world.run([.cleanPixelData]).first))
        #expect(localizer.codes == ["113100", "113101"] && localizer.burnedIn == "NO")
    }

    /// Float Pixel Data and Double Float Pixel Data, with an answer that is none, too.
    @Test(
        arguments: [
            (DataSets.Tag.floatPixelData, 4, "YES"), (.doubleFloatPixelData, 8, "YES"), (.floatPixelData, 4, "TRUE"),
        ], [[], [.cleanPixelData]] as [Set<ProfileOption>])
    func floatingPointPixelsAreHeld(_ pixels: (DataSets.Tag, Int, String), _ options: Set<ProfileOption>) async throws {
        try world.put("a.dcm", ["instance": "1.2.3.1"]) { dataSet in
            makeFloats(&dataSet, pixels.0, pixels.1)
            dataSet.set(text(.burnedInAnnotation, pixels.2))
        }
        let entry = try #require(await world.run(options).first)
        #expect(entry.error?.code == "held")
    }

    @Test func facesAreNotLookedForInFloatingPointPixels() async throws {
        try world.put("a.dcm", ["instance": "1.2.3.1"]) { makeFloats(&$0, .floatPixelData, 4) }
        let entry = try #require(await world.run([.cleanRecognizableVisualFeatures]).first)
        #expect(entry.error?.code == "held" && entry.error?.message.contains("floating-point") == true)
    }

    /// What a person has to decide about is no part of a release, which is whole without it.
    @Test func heldFilesAreTakenOutOfARelease() async throws {
        try world.put("a.dcm", ["instance": "1.2.3.1"]) { $0.set(text(.burnedInAnnotation, "YES")) }
        try world.put("b.dcm", ["instance": "1.2.3.2"])
        _ = try await world.run()
        let problems = try world.problems(against: true)
        #expect(problems.count == 1 && problems[0].hasPrefix("held: 1 held files"))
        try FileManager.default.removeItem(atPath: "\(world.out)/held")
        #expect(try world.problems(against: true) == [])
        let outcome = try VerificationRun(output: world.out, originals: [], key: world.key, workers: 1).run()
        #expect(outcome.files == 1 && outcome.heldElsewhere == 1)
    }

    @Test func tomographyOfPositronsPassesWithAWarning() async throws {
        try world.put("a.dcm", ["instance": "1.2.3.1"]) { $0.set(text(.modality, "PT")) }
        let entry = try #require(await world.run([.cleanRecognizableVisualFeatures]).first)
        #expect(entry.status == .ok && entry.warnings.contains { $0.message.contains("faces") })
        #expect(try claims(entry).codes == ["113100"])
    }

    /// Nobody looked for a face, and the header says that there is one.
    @Test(arguments: ["CT", "PT", "XA"], [[], [.cleanRecognizableVisualFeatures]] as [Set<ProfileOption>])
    func filesThatSayTheyShowSomebodyAreHeld(_ modality: String, _ options: Set<ProfileOption>) async throws {
        try world.put("a.dcm", ["instance": "1.2.3.1"]) { dataSet in
            dataSet.set(text(.modality, modality))
            dataSet.set(text(Tag(0x0028, 0x0302), "YES"))
        }
        #expect(try #require(await world.run(options).first).error?.code == "held")
    }

    private func makeFloats(_ dataSet: inout DataSet, _ tag: DataSets.Tag, _ width: Int) {
        dataSet.remove(.pixelData)
        for tag in [DataSets.Tag.bitsStored, .highBit, .pixelRepresentation] { dataSet.remove(tag) }
        dataSet.set(DataElement(.bitsAllocated, .US, .bytes([UInt8(8 * width), 0])))
        let zeros = [UInt8](repeating: 0, count: 128 * 128 * width)
        dataSet.set(DataElement(tag, width == 4 ? .OF : .OD, .bytes(zeros[...])))
    }
}
