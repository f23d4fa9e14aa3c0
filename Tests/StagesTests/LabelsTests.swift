import Foundation
import Pipelines
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
