import Foundation
import Pipelines
import Testing

@testable import Stages

struct RunEndingTests {
    private let everything = """
        stages: [normalize, resize: { size: [4, 4] }]
        outputs: { tensors: webdataset, images: png, report: html }
        """
    private let little = """
        stages: [normalize, resize: { size: [4, 4] }]
        outputs: { tensors: npy }
        """

    /// Going on with a pipeline that makes less leaves nothing that would pass for its own.
    @Test func nothingOfAnotherPipelineStays() async throws {
        let folder = try PipelineFolder()
        for index in 0..<3 { try folder.image("i\(index)") }
        try await folder.run(everything)
        try await folder.run(little, to: "little")
        #expect(try folder.tree("out").keys.contains("samples-000000.tar"))
        try await folder.run(little, resume: true)
        #expect(try folder.tree("out").keys.sorted() == folder.tree("little").keys.sorted())
        // What lies there under such a name and is of no run stays.
        try folder.text("../out/report.html", "a letter")
        try await folder.run(little, resume: true)
        #expect(try folder.tree("out")["report.html"] == Data("a letter".utf8))
    }

    @Test func anArchiveThatIsCutOffIsPackedAgain() async throws {
        let folder = try PipelineFolder()
        try folder.image("i")
        try await folder.run(everything)
        let before = try folder.tree("out")
        try Data(before["samples-000000.tar"]!.dropLast(512))
            .write(to: URL(filePath: folder.path("out/samples-000000.tar")))
        try await folder.run(everything, resume: true)
        #expect(try folder.tree("out") == before)
    }

    /// What no machine can hold fails by its header alone, and stops nothing else.
    @Test func impossibleSizesAreRefused() async throws {
        let folder = try PipelineFolder()
        try folder.image("i")
        let lines = try await folder.run(
            "stages: [normalize, crop-pad: { size: [16384, 16384, 16384] }]\noutputs: { tensors: npy }\n")
        let error = lines["i"]?.error
        #expect(error?.code == "too-large" && error?.stage == "crop-pad", "\(String(describing: error))")
    }
}
