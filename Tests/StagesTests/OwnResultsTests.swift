import Pipelines
import Testing

@testable import Stages

/// What runs of the program leave below an input is told of, and is no image that failed.
struct OwnResultsTests {
    private let pipeline = "stages: [normalize]\noutputs: { tensors: npy }\n"

    @Test func locksAndResultsOfTheSamePipelineAreSkipped() async throws {
        let folder = try PipelineFolder()
        try folder.image("image")
        try folder.text(".hilum-lock.1-of-2", "")
        try folder.text("empty.nii", "")
        try await folder.run(pipeline, to: "in/part")
        let entries = try await folder.run(pipeline, to: "out")
        #expect(entries["image"]?.status == .ok && entries.count == 4)
        for name in [".hilum-lock.1-of-2", "part"] {
            #expect(entries[name]?.status == .skipped && entries[name]?.error?.code == "own-results", "\(name)")
        }
        #expect(entries["empty.nii"]?.error?.code == "empty-file")
    }
}
