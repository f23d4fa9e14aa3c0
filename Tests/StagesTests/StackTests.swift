import Foundation
import Pipelines
import Testing

@testable import Stages

struct StackTests {
    private func pipeline(_ grid: String = "same") -> String {
        "input: { stack: [t1, t2], stackGrid: \(grid) }\nstages: [rescale]\noutputs: { tensors: npy }\n"
    }

    @Test func sequencesAreChannelsInTheOrderOfThePipeline() async throws {
        let folder = try PipelineFolder()
        try folder.image("s/p_t2") { Float($0) + 100 }
        try folder.image("s/p_t1")
        let entries = try await folder.run(pipeline())
        #expect(entries["s/p"]?.inputs == ["s/p_t1.nii.gz", "s/p_t2.nii.gz"])
        let array = try NPYReader(try #require(try folder.tree("out")["s/p.npy"]))
        #expect(array.shape == [2, 3, 4, 5])
        #expect(array.values(Float.self) == (0..<60).map { Float($0) } + (100..<160).map { Float($0) })
        let sidecar = String(decoding: try #require(try folder.tree("out")["s/p.json"]), as: UTF8.self)
        #expect(sidecar.contains(#""kind": "sequences""#) && sidecar.contains(#"["t1", "t2"]"#))
    }

    /// T1 and T2 have no scale in common: each is measured by itself.
    @Test(arguments: ["normalize: { method: min-max }", "dran: { lower: 0, upper: 100 }"])
    func sequencesAreNormalizedOneByOne(stage: String) async throws {
        let folder = try PipelineFolder()
        try folder.image("s/p_t2") { 5000 - 3 * Float($0) }
        try folder.image("s/p_t1")
        let entries = try await folder.run(
            "input: { stack: [t1, t2] }\nstages: [rescale, \(stage)]\noutputs: { tensors: npy }\n")
        #expect(entries["s/p"]?.status == .ok)
        let values = try NPYReader(try #require(try folder.tree("out")["s/p.npy"])).values(Float.self)
        for index in 0..<60 {
            #expect(abs(values[index] - Float(index) / 59) < 1e-5)
            #expect(abs(values[60 + index] - Float(59 - index) / 59) < 1e-5)
        }
    }

    @Test func whatIsNotWholeOrNotInPlaceIsSaid() async throws {
        let folder = try PipelineFolder()
        try folder.image("a_t1")
        try folder.image("b_t1")
        try folder.image("b_t2", width: 6)
        try folder.image("other")
        let entries = try await folder.run(pipeline())
        #expect(entries["a"]?.error?.message == "a: there is no t2 to stack with the others")
        let mismatch = try #require(entries["b"]?.error)
        #expect(mismatch.code == "grid-mismatch")
        #expect(mismatch.message.contains("3 x 4 x 6 voxels and the image 3 x 4 x 5"))
        #expect(entries["other"]?.status == .skipped)
    }

    /// t2 has voxels twice as large, whose values are those of a plane; linear interpolation gives it back.
    @Test func anotherGridIsInterpolatedOntoTheFirst() async throws {
        let folder = try PipelineFolder()
        try folder.image("a_t1", depth: 4, height: 4, width: 4)
        try folder.image("a_t2", depth: 4, height: 4, width: 4, origin: [-1, -1, -1], spacing: [2, 2, 2]) { index in
            Float(2 * (index % 4) - 1) + 10 * Float(2 * (index / 4 % 4) - 1) + 100 * Float(2 * (index / 16) - 1)
        }
        let entries = try await folder.run(pipeline("first"))
        #expect(entries["a"]?.warnings.map(\.code) == ["resampled"])
        let values = try NPYReader(try #require(try folder.tree("out")["a.npy"])).values(Float.self)
        for index in 0..<64 {
            let expected = Float(index % 4) + 10 * Float(index / 4 % 4) + 100 * Float(index / 16)
            #expect(abs(values[64 + index] - expected) < 1e-4)
        }
    }
}
