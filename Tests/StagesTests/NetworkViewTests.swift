import DICOM
import DataSets
import Networks
import Pipelines
import TestSupport
import Testing
import Volumes

@testable import Stages

struct NetworkViewTests {
    private func detection(_ x0: Float, _ x1: Float) -> Detection {
        Detection(x0: x0, y0: 8, x1: x1, y1: 20, classIndex: 0, score: 0.9, probabilities: [0.9], source: 0)
    }

    /// An image of 20 columns, padded to 32: six columns on each side are none of the file's.
    @Test func boxesEndWhereTheFileDoes() throws {
        let file = Geometry(origin: [10, 0, 0], spacing: [2, 2, 2])
        let shape = Shape(depth: 1, height: 32, width: 32)
        let source = ItemSource(
            format: "nifti", inputs: [], geometry: file, shape: Shape(depth: 1, height: 32, width: 20))
        let item = Item(
            name: "a", source: source,
            volume: Volume(
                voxels: [Float](repeating: 0.5, count: shape.count), shape: shape,
                geometry: file.shifted(byVoxels: [-6, 0, 0])))
        let view = try NetworkView(item.volume, slice: 0, side: 32)
        let found = view.inFile(
            [detection(20, 30), detection(27, 31), detection(10, 20), detection(0, 9)], slice: 0, of: item)
        // The second shows nothing of the file, and the others keep their boxes.
        #expect(found.map(\.detection) == [detection(20, 30), detection(10, 20), detection(0, 9)])
        #expect(found.map(\.box.lower.x) == [20, 10, 6] && found.map(\.box.upper.x) == [26, 20, 9])
        #expect(found.allSatisfy { $0.box.lower.y == 8 && $0.box.upper.y == 20 })

        let finding = Finding(
            label: "a", score: 0.9, probabilities: [0.9], box: found[0].box, keySlice: 0, keyBox: found[0].box)
        var marked = item
        marked.findings = Findings(findings: [finding], abnormality: 0.9, model: "m", modelDigest: "")
        let json = findingsJSON(marked)["findings"]?.elements.first
        // 14 to 20 of the file's columns, each 2 mm from 10 mm on; LPS.
        #expect(json?["location"]?["box"]?.elements == [14, 8, 0, 20, 20, 1].map { .number($0) })
        #expect(json?["size_mm"]?.elements == [12, 24, 2].map { .number($0) })
        #expect(json?["location"]?["center_mm"]?.elements.first == .number(10 + 2 * 16.5))
    }

    /// A picture with Pixel Spacing may have no position, and a slice no thickness: neither is made up.
    @Test(arguments: [
        ("mr_small.dcm", [DataSets.Tag](), true, true), ("mr_small.dcm", [.position], false, false),
        ("mr_small.dcm", [.thickness, .between], true, false),
    ])
    func millimetresOfAPatientAreToldOrNull(
        name: String, removed: [DataSets.Tag], hasCenter: Bool, hasDepth: Bool
    ) throws {
        var file = try PartTenFile(path: Fixtures.path(name))
        for tag in removed { file.dataSet.remove(tag) }
        let plan = try PartTenWriter.encode(meta: file.meta, file.dataSet, file.encoding, from: file.source)
        var bytes: [UInt8] = []
        try plan.forEachPart(from: file.source) { bytes.append(contentsOf: $0) }
        let scratch = try Scratch()
        let path = try scratch.write(bytes, "a.dcm")
        let series = try #require(SeriesReader.group([try DICOMFile.header(path: path)]).first)
        let input = ItemInput(
            content: .series(series), relativePaths: ["a.dcm"], outline: .init(shape: [], spacing: []),
            isPhysical: true)
        var item = try input.read(named: "a")
        let box = Box(x: 2...6, y: 4...8, slice: 0)
        item.findings = Findings(
            findings: [Finding(label: "a", score: 0.9, probabilities: [0.9], box: box, keySlice: 0, keyBox: box)],
            abnormality: nil, model: "m", modelDigest: "")
        let json = findingsJSON(item)
        let finding = json["findings"]?.elements.first
        #expect((finding?["location"]?["center_mm"] == JSONValue.null) == !hasCenter)
        #expect((json["coordinates"]?["center_mm"] == JSONValue.null) == !hasCenter)
        #expect(json["study_instance_uid"] == .string(series.key.studyInstanceUID))
        #expect(json["series_instance_uid"] == .string(series.key.seriesInstanceUID))
        let instance = finding?["location"]?["key_instance"]
        #expect(instance?["sop_instance_uid"] == .string(series.headers[0].sopInstanceUID))
        #expect(instance?["frame"] == JSONValue.null)
        // De-identified without released files to speak of.
        item.source.isConcealed = true
        #expect(findingsJSON(item)["study_instance_uid"] == JSONValue.null)
        let size = try #require(finding?["size_mm"]?.elements)
        #expect(size[0] != JSONValue.null && size[1] != JSONValue.null && (size[2] == JSONValue.null) == !hasDepth)
    }
}

extension DataSets.Tag {
    fileprivate static let position = Self(0x0020, 0x0032)
    fileprivate static let thickness = Self(0x0018, 0x0050)
    fileprivate static let between = Self(0x0018, 0x0088)
}
