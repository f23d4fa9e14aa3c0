import Files
import Foundation
import Parallel
import Pipelines
import TestSupport
import Testing

@testable import Stages

/// Two names that differ only in Unicode form are two files: é is one scalar in one and two in the other.
struct UnicodeFormsTests {
    private let pipeline = "stages: [normalize]\noutputs: { tensors: webdataset }"
    private let forms = ["\u{E9}", "e\u{301}"]

    private func folder() throws -> PipelineFolder {
        let folder = try PipelineFolder()
        for (index, form) in forms.enumerated() {
            try folder.image("x/\(form)") { $0 == index ? 2 : 1 }
            try folder.image("\(form)/a") { $0 == index ? 4 : 1 }
        }
        return folder
    }

    private func run(
        _ folder: PipelineFolder, _ out: String, shard: Shard = .whole, resume: Bool = false
    ) async throws -> RunSummary {
        let runner = Runner(output: folder.path(out), workers: 2, memoryLimit: 1 << 30, resume: resume, shard: shard)
        let run = PipelineRun(
            pipeline: try Pipeline.parse(pipeline, name: "test", registry: .hilum), inputs: [folder.input],
            runner: runner, seed: 1)
        return try await run.run(progress: RunProgress(style: .quiet))
    }

    @Test func eachFileIsAnItemInManifestArchiveAndMerge() async throws {
        let folder = try folder()
        let summary = try await run(folder, "out")
        let expected = forms.flatMap { ["x/\($0)", "\($0)/a"] }.map(PathKey.init).sorted()
        #expect(summary.ok == 4 && summary.entries.map { PathKey($0.item) } == expected)
        #expect(Set(summary.entries.compactMap(\.key)).count == 4)
        let index = try FileBytes.read(folder.path("out/samples.json"))
        #expect(JSONValue(parsing: index)?["items"] == 4)
        let again = try await run(folder, "out", resume: true)
        #expect(again.reused == 4 && again.unclaimed == 0)

        for part in 1...3 { _ = try await run(folder, "own-\(part)", shard: Shard("\(part)/3")!) }
        let merged = try ShardMerge(folders: (1...3).map { folder.path("own-\($0)") }, output: folder.path("all")).run()
        #expect(merged.ok == 4)
        #expect(
            try FileBytes.read(folder.path("all/manifest.jsonl")) == FileBytes.read(folder.path("out/manifest.jsonl")))
    }

    @Test func labelsBelongToTheImageOfTheirForm() throws {
        let names = LabelNames(
            forms.map { "\($0)_seg.nii" } + forms.map { "\($0).nii" }, labels: forms.map { "\($0)_seg.nii" },
            owners: forms)
        for form in forms {
            #expect(names.labels(of: form).map { PathKey($0.file) } == [PathKey("\(form)_seg.nii")])
        }
    }

    @Test func everyFileHasItsOwnDigest() throws {
        let folder = try PipelineFolder()
        let bytes = try Fixtures.bytes("gray8.png")
        let digests = InputDigests()
        var paths: [String] = []
        for (index, form) in forms.enumerated() {
            paths.append("\(folder.input)/\(form).png")
            try AtomicFile.write(paths[index]) { (sink) throws(FileError) in
                try sink.write(bytes + [UInt8](repeating: 0, count: index))
            }
        }
        #expect(Set(try digests.of(files: paths, .single)).count == 2)
    }

    /// Swift mends names that are not UTF-8, these to one.
    @Test func filesWithoutANameInTextHaveALineEach() async throws {
        let folder = try PipelineFolder()
        for byte: UInt8 in [0xFE, 0xFF] {
            let path = (Array("\(folder.input)/".utf8) + [byte, 0]).map { CChar(bitPattern: $0) }
            close(creat(path, 0o600))
        }
        let summary = try await run(folder, "out")
        #expect(summary.failed == 2 && summary.entries.map(\.item) == ["\u{FFFD}", "\u{FFFD}-2"])
    }

    @Test func aNameMayBeginWithACombiningMark() async throws {
        let folder = try PipelineFolder()
        for name in ["\u{301}y", "d.e/\u{301}y"] {
            try folder.image("a") { Float($0) }
            try FileManager.default.createDirectory(atPath: "\(folder.input)/d.e", withIntermediateDirectories: true)
            #expect(rename("\(folder.input)/a.nii.gz", "\(folder.input)/\(name).nii.gz") == 0)
        }
        let summary = try await run(folder, "out")
        #expect(summary.ok == 2)
        let files = summary.entries.flatMap(\.outputs).map { "\(folder.path("out"))/\($0)" }
        #expect(files.count == 4 && files.allSatisfy { access($0, F_OK) == 0 })
        let archive = try FileBytes.read(folder.path("out/samples-000000.tar"))
        // Names that are not ASCII stand in extended headers (pax).
        for member in ["d.e/\u{301}y.npy", "\u{301}y.npy"] {
            #expect(Data(archive).range(of: Data(" path=\(member)\n".utf8)) != nil)
        }
    }
}
