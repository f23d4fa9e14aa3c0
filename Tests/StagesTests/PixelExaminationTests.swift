import DataSets
import Deidentification
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
}
