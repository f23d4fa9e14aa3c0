import Files
import Foundation
import Pipelines
import Testing
import Volumes

@testable import Stages

/// Whatever items are called, none writes over another's files.
struct OutputClaimsTests {
    private let pipeline = """
        stages: [rescale]
        outputs: { tensors: nifti, masks: nifti }
        """

    @Test func theLaterOfTwoItemsFailsAndTheFirstStaysWhole() throws {
        let folder = try PipelineFolder()
        let runner = Runner(output: folder.path("out"), workers: 1, memoryLimit: 1 << 30, resume: true)
        let run = PipelineRun(
            pipeline: try Pipeline.parse(pipeline, name: "test", registry: .hilum), inputs: [], runner: runner, seed: 1)
        func item(_ name: String) -> Item {
            let shape = Shape(depth: 1, height: 1, width: 2)
            let source = ItemSource(format: "nifti", inputs: [], geometry: Geometry(spacing: [1, 1, 1]), shape: shape)
            var item = Item(
                name: name, source: source,
                volume: Volume(voxels: [1, 2], shape: shape, geometry: Geometry(spacing: [1, 1, 1])))
            item.masks["b"] = Mask(labels: [1, 0], shape: shape, geometry: Geometry(spacing: [1, 1, 1]))
            return item
        }
        let files = try run.write(item("a"), "")
        let before = try Data(contentsOf: URL(filePath: files[1].temporaryPath))
        #expect {
            try run.write(item("a.b"), "")
        } throws: { error in
            "\(error)" == "a.b.nii.gz is an output of the item a too; rename one of the two"
        }
        #expect(try Data(contentsOf: URL(filePath: files[1].temporaryPath)) == before)
        // An item done again takes its own.
        #expect(try run.write(item("a"), "").count == files.count)
    }

    /// Lists of outputs that an earlier version wrote may name the files of another item.
    @Test func staleFilesOfAnotherStay() async throws {
        let folder = try PipelineFolder()
        try folder.image("a")
        try folder.image("b")
        try await folder.run(pipeline)
        let manifest = folder.path("out/manifest.jsonl")
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        let lines = text.split(separator: "\n").map { line in
            line.hasPrefix(#"{"item":"b""#)
                ? line.replacing(#"["b.nii.gz""#, with: #"["a.nii.gz","b.nii.gz""#, maxReplacements: 2) : line
        }
        try (lines.joined(separator: "\n") + "\n").write(toFile: manifest, atomically: true, encoding: .utf8)
        let entries = try await folder.run(pipeline, resume: true)
        #expect(entries.values.allSatisfy { $0.status == .ok })
        #expect(try folder.tree("out")["a.nii.gz"] != nil)
    }
}
