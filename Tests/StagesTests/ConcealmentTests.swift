import Cryptography
import Foundation
import Pipelines
import TestSupport
import Testing

@testable import Stages

/// What the outputs of a run that conceals tell of its inputs.
@Suite struct ConcealmentTests {
    /// Guesses of a path could be compared with a digest that needs no key.
    @Test func aContentKeyIsNoDigestOfPathsToGuessBy() async throws {
        let folder = try PipelineFolder()
        try folder.image("SMITH^JOHN")
        let keyPath = folder.path("key")
        try ProjectKey.create(path: keyPath)
        let pipeline = "stages: [deidentify, normalize]\noutputs: { tensors: npy }\n"
        var run = PipelineRun(
            pipeline: try Pipeline.parse(pipeline, name: "test", registry: .hilum), inputs: [folder.input],
            runner: Runner(output: folder.path("out"), workers: 1, memoryLimit: 1 << 30, resume: true), seed: 1)
        run.concealment = try Concealment(ProjectKey(path: keyPath), for: run.pipeline)
        let first = try await run.run(progress: RunProgress(style: .quiet))
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.input).first)
        let guess = Digest.of("\(run.digest)\n\(try InputDigest.of(file: "\(folder.input)/\(name)"))  \(name)")
        let key = try #require(first.entries.first?.key)
        #expect(!key.hasPrefix(guess) && key.prefix { $0 != "-" }.count == 64)
        #expect(try await run.run(progress: RunProgress(style: .quiet)).reused == 1)
    }
}
