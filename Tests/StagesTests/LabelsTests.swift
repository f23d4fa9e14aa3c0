import Files
import Foundation
import JPEG
import PNG
import Pipelines
import TestSupport
import Testing

@testable import Stages

struct LabelsTests {
    private let pipeline = """
        input: { labels: beside }
        stages: [flip: { axis: x, probability: 1 }]
        outputs: { tensors: npy, masks: npy, boxes: json }
        """

    @Test func labelsAndBoxesFollowTheirImage() async throws {
        let folder = try PipelineFolder()
        try folder.image("a")
        try folder.image("a_mask") { $0 == 7 ? 3 : 0 }
        try folder.text(
            "a.boxes.json", #"{"shape": [3, 4, 5], "boxes": [{"label": "lesion", "box": [2, 1, 0, 3, 2, 1]}]}"#)
        let entries = try await folder.run(pipeline)
        let entry = try #require(entries["a"])
        #expect(entries.count == 1 && entry.status == .ok)
        #expect(entry.inputs == ["a.nii.gz", "a_mask.nii.gz", "a.boxes.json"])
        let tree = try folder.tree("out")
        let mask = try NPYReader(try #require(tree["a.labels.npy"]))
        #expect(mask.descriptor == "|u1" && mask.shape == [3, 4, 5])
        let labels = mask.values(UInt8.self)
        let image = try NPYReader(try #require(tree["a.npy"])).values(Float.self)
        // Voxel 7 is (x 2, y 1); the middle of five stays in its column.
        #expect(labels.enumerated().filter { $0.element != 0 }.map(\.offset) == [image.firstIndex(of: 7)!])
        #expect(labels[image.firstIndex(of: 7)!] == 3)
        let boxes = String(decoding: try #require(tree["a.boxes.json"]), as: UTF8.self)
        #expect(boxes.contains(#""label": "lesion""#) && boxes.contains("[2, 1, 0, 3, 2, 1]"))
    }

    @Test func boxesThatWereWrittenAreReadAgain() async throws {
        let folder = try PipelineFolder()
        try folder.image("a")
        try folder.text(
            "a.boxes.json", #"{"shape": [3, 4, 5], "boxes": [{"label": "x", "box": [0.5, 1, 0, 3, 2.25, 1]}]}"#)
        try await folder.run(pipeline)
        let first = try folder.tree("out")["a.boxes.json"]
        try folder.text("a.boxes.json", String(decoding: try #require(first), as: UTF8.self))
        try await folder.run(pipeline, to: "again")
        let again = String(decoding: try #require(try folder.tree("again")["a.boxes.json"]), as: UTF8.self)
        #expect(again.contains("[0.5, 1, 0, 3, 2.25, 1]"))
    }

    @Test func everyImageTakesItsBoxes() async throws {
        let folder = try PipelineFolder()
        func box(_ item: String, _ shape: String) throws {
            try folder.text(
                "\(item).boxes.json", #"{"shape": [\#(shape)], "boxes": [{"label": "x", "box": [1, 1, 0, 3, 2, 1]}]}"#)
        }
        for (name, fixture) in [
            ("p.png", "gray8.png"), ("j.jpg", "gray.jpg"), ("d.dcm", "ct_small.dcm"), ("two.png", "gray8.png"),
            ("two.jpg", "gray.jpg"), ("broken.png", "mr_truncated.dcm"),
        ] {
            let bytes = try Fixtures.bytes(fixture)
            try AtomicFile.write("\(folder.input)/\(name)") { (sink) throws(FileError) in try sink.write(bytes) }
        }
        let png = try PNGFile.header(path: Fixtures.path("gray8.png"))
        let jpeg = try JPEGFile.header(path: Fixtures.path("gray.jpg"))
        try box("p", "1, \(png.height), \(png.width)")
        try box("j", "1, \(jpeg.height), \(jpeg.width)")
        try box("two.png", "1, \(png.height), \(png.width)")
        try box("d", "1, 128, 128")
        for item in ["two", "broken", "nobody"] { try box(item, "1, 1, 1") }
        let entries = try await folder.run(
            pipeline.replacing("[flip:", with: "[resize: { size: [32, 32] }, flip:"))
        for item in ["p", "j", "d", "two.png"] {
            #expect(entries[item]?.status == .ok && entries[item]?.inputs.last == "\(item).boxes.json")
            let boxes = try folder.tree("out")["\(item).boxes.json"].map { String(decoding: $0, as: UTF8.self) }
            #expect(boxes?.contains(#""label": "x""#) == true, "\(item)")
        }
        #expect(entries["two.jpg"]?.inputs == ["two.jpg"])
        // Boxes of two are nobody's; those of a broken image need no reason of their own.
        #expect(entries["two.boxes.json"]?.error?.code == "incomplete")
        #expect(entries["nobody.boxes.json"]?.error?.code == "incomplete")
        #expect(entries["broken"]?.status == .failed && entries["broken.boxes.json"] == nil)
    }

    @Test func aSeriesTakesItsBoxesAndTheNamesOfSlicesAreNobodys() async throws {
        let folder = try PipelineFolder()
        for index in 1...2 {
            let bytes = try Fixtures.bytes("ct-series/0\(index).dcm")
            try AtomicFile.write("\(folder.input)/\(index).dcm") { (sink) throws(FileError) in try sink.write(bytes) }
        }
        let name = try #require(try await folder.run(pipeline).keys.first)
        let shape = try NPYReader(try #require(try folder.tree("out")["\(name).npy"])).shape.dropFirst()
        let text = #"{"shape": [\#(shape.map(String.init).joined(separator: ", "))], "boxes": []}"#
        for item in [name, "2"] { try folder.text("\(item).boxes.json", text) }
        let entries = try await folder.run(pipeline, to: "again")
        #expect(entries[name]?.inputs == ["1.dcm", "2.dcm", "\(name).boxes.json"])
        #expect(entries[name]?.status == .ok)
        #expect(entries.count == 2 && entries["2.boxes.json"]?.error?.code == "incomplete")
    }

    @Test func whatWasWrittenIsReadAgainAsMasksOfItsImage() async throws {
        let folder = try PipelineFolder()
        try folder.image("a", depth: 16, height: 16, width: 16)
        let writing = """
            input: { labels: beside }
            stages: [normalize, lesions, region: { part: range, lower: 0.5 }]
            outputs: { tensors: nifti, masks: nifti, boxes: json }
            """
        try await folder.run(writing)
        let written = try folder.tree("out")
        for (name, bytes) in written where !name.hasPrefix("manifest") {
            try bytes.write(to: URL(filePath: "\(folder.input)/\(name)"))
        }
        let entries = try await folder.run(writing.replacing("normalize, lesions, ", with: ""), to: "again")
        #expect(
            entries["a"]?.inputs == ["a.nii.gz", "a.lesions.nii.gz", "a.range.nii.gz", "a.boxes.json"],
            "\(entries.keys.sorted())")
        #expect(try folder.tree("again")["a.lesions.nii.gz"] == written["a.lesions.nii.gz"])
    }

    @Test func whatDoesNotFitIsRefusedWithItsReason() async throws {
        let folder = try PipelineFolder()
        for name in ["size", "place", "half", "two", "box", "fine"] { try folder.image(name) }
        try folder.image("size_seg", depth: 2)
        try folder.image("place_seg", origin: [0, 0, 3])
        try folder.image("half_seg") { _ in 0.5 }
        try folder.image("two_seg") { _ in 0 }
        try folder.image("two_mask") { _ in 0 }
        try folder.image("nobody_mask") { _ in 0 }
        try folder.text("box.boxes.json", #"{"shape": [3, 4, 6], "boxes": []}"#)
        let entries = try await folder.run(pipeline)
        func message(_ item: String) -> String { entries[item]?.error.map { "\($0.code): \($0.message)" } ?? "none" }
        #expect(
            message("size").hasPrefix("grid-mismatch: size: the labels have 2 x 4 x 5 voxels and the image 3 x 4 x 5"))
        #expect(message("place").contains("lie up to 3.0 voxels beside it"))
        #expect(message("half").hasPrefix("invalid-labels"))
        #expect(message("two").hasPrefix("incomplete: two: two files"))
        #expect(message("nobody_mask").hasPrefix("incomplete: nobody_mask.nii.gz: named like labels"))
        #expect(message("box").contains("the boxes are for 3 x 4 x 6 voxels and the image has 3 x 4 x 5"))
        #expect(entries["fine"]?.status == .ok)
        #expect(entries["fine"]?.warnings.map(\.code) == ["no-masks"])
    }

    @Test func withoutTheOptionLabelsAreItems() async throws {
        let folder = try PipelineFolder()
        try folder.image("a")
        try folder.image("a_mask") { _ in 1 }
        let entries = try await folder.run("stages: [rescale]\noutputs: { tensors: npy }\n")
        #expect(entries.keys.sorted() == ["a", "a_mask"])
    }

    @Test func aChangedLabelIsDoneAgain() async throws {
        let folder = try PipelineFolder()
        try folder.image("a")
        try folder.image("a_mask") { _ in 1 }
        try await folder.run(pipeline)
        let before = try folder.tree("out")["a.labels.npy"]
        try folder.image("a_mask") { _ in 2 }
        try await folder.run(pipeline, resume: true)
        #expect(try folder.tree("out")["a.labels.npy"] != before)
    }
}
