import Files
import Foundation
import Pipelines
import Testing

@testable import Stages

struct ShardMergeTests {
    private let pipeline = """
        stages: [normalize]
        outputs: { tensors: npy, report: { format: html, items: 4 } }
        """

    private func folder() throws -> PipelineFolder {
        let folder = try PipelineFolder()
        for index in 0..<9 { try folder.image("image-\(index)") { $0 == index ? 2 : 1 } }
        try folder.text("broken.nii", "no image")
        return folder
    }

    private func reason(_ folders: [String], _ out: String) -> String {
        do throws(MergeError) {
            _ = try ShardMerge(folders: folders, output: out).run()
            return ""
        } catch { return error.description }
    }

    @Test func mergedShardsAreOneRun() async throws {
        let folder = try folder()
        try await folder.run(pipeline, to: "whole")
        let whole = try folder.tree("whole")
        for index in 1...3 { try await folder.run(pipeline, to: "shared", shard: "\(index)/3") }
        let summary = try ShardMerge(folders: [folder.path("shared")], output: folder.path("shared")).run()
        #expect((summary.ok, summary.failed, summary.exitCode) == (9, 1, 1))
        func merged(_ out: String) throws -> [String: Data] { try folder.tree(out).filter { !$0.key.contains("-of-") } }
        #expect(try merged("shared") == whole)
        // Again, over what is there.
        _ = try ShardMerge(folders: [folder.path("shared")], output: folder.path("shared")).run()
        #expect(try merged("shared") == whole)

        for index in 1...3 { try await folder.run(pipeline, to: "own-\(index)", shard: "\(index)/3") }
        let folders = (1...3).map { folder.path("own-\($0)") }
        for _ in 0..<2 {
            _ = try ShardMerge(folders: folders, output: folder.path("joined")).run()
            #expect(try merged("joined") == whole)
        }
        let run = try #require(
            JSONValue(parsing: Array(Data(contentsOf: URL(filePath: folder.path("joined/run.json"))))))
        #expect(run["counts"]?["ok"] == 9 && run["shards"]?.elements.count == 3)
    }

    @Test func outputsThatAreGoneAreToldBeforeAnythingIsWritten() async throws {
        let folder = try folder()
        for index in 1...2 { try await folder.run(pipeline, to: "own-\(index)", shard: "\(index)/2") }
        let folders = (1...2).map { folder.path("own-\($0)") }
        let name = try #require(try folder.tree("own-2").keys.filter { $0.hasSuffix(".npy") }.max())
        try FileManager.default.removeItem(atPath: "\(folders[1])/\(name)")
        let out = folder.path("out")
        #expect(
            reason(folders, out)
                == "\(folders[1])/\(name) is an output of shard 2/2 and not there; run it again with --shard 2/2 --resume"
        )
        #expect(try FileManager.default.contentsOfDirectory(atPath: out).isEmpty)

        try await folder.run(pipeline, to: "own-2", shard: "2/2", resume: true)
        // A folder that is not empty stands where an output should.
        try FileManager.default.createDirectory(atPath: "\(out)/\(name)/in", withIntermediateDirectories: true)
        #expect(reason(folders, out).contains("\(out)/\(name) is there already"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: out) == [name])
        try FileManager.default.removeItem(atPath: "\(out)/\(name)")
        #expect(try ShardMerge(folders: folders, output: out).run().ok == 9)
    }

    /// What no earlier merge has written is never replaced.
    @Test func filesOfOthersInTheFolderOfTheMergeStay() async throws {
        let folder = try folder()
        for index in 1...2 { try await folder.run(pipeline, to: "own-\(index)", shard: "\(index)/2") }
        let folders = (1...2).map { folder.path("own-\($0)") }
        let out = folder.path("out")
        for name in ["image-3.npy", "run.json", "report.html"] {
            try AtomicFile.write("\(out)/\(name)", text: "precious")
            #expect(reason(folders, out).hasPrefix("\(out)/\(name) is there already"))
            #expect(try folder.tree("out").count == (name == "run.json" ? 0 : 1))
            #expect(try FileBytes.read("\(out)/\(name)") == Array("precious".utf8))
            try FileManager.default.removeItem(atPath: "\(out)/\(name)")
        }
        // A merge that was broken off leaves links or copies.
        let file = try #require(folders.map { "\($0)/image-3.npy" }.first(where: FileManager.default.fileExists))
        try FileManager.default.copyItem(atPath: file, toPath: "\(out)/image-3.npy")
        #expect(try ShardMerge(folders: folders, output: out).run().ok == 9)
    }

    @Test func aShardThatIsWorkedOnIsNotMerged() async throws {
        let folder = try folder()
        for index in 1...2 { try await folder.run(pipeline, to: "a", shard: "\(index)/2") }
        let a = folder.path("a")
        do {
            let lock = try RunLock(a, try #require(Shard("2/2")))
            defer { withExtendedLifetime(lock) {} }
            #expect(reason([a], a) == "shard 2/2 in \(a) is being worked on; wait until it has ended")
        }
        #expect(reason([a, a], a).contains("is given twice"))
        do {
            let lock = try RunLock(a, .whole)
            defer { withExtendedLifetime(lock) {} }
            #expect(reason([a], a).contains("is being worked on by a run, or another merge"))
        }
        #expect(reason([a], a) == "")
    }

    /// Words in the manifests of the two shards in "a".
    private func change(_ old: String, to new: String, in folder: PipelineFolder) throws {
        for index in 1...2 {
            let manifest = "\(folder.path("a"))/manifest.\(index)-of-2.jsonl"
            let text = try String(contentsOfFile: manifest, encoding: .utf8)
            try text.replacing(old, with: new).write(toFile: manifest, atomically: true, encoding: .utf8)
        }
    }

    @Test func aFileOfTwoItemsIsRefused() async throws {
        let folder = try PipelineFolder()
        for name in ["a", "a-1", "a.b"] { try folder.image(name) }
        for index in 1...2 { try await folder.run(pipeline, to: "a", shard: "\(index)/2") }
        try change("a.b.nii.gz.npy", to: "a.npy", in: folder)
        #expect(
            reason([folder.path("a")], folder.path("out"))
                .hasPrefix("the file a.npy is listed by two items, a and a.b.nii.gz"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("out/manifest.jsonl")))
    }

    @Test func outputsElsewhereAreRefused() async throws {
        let folder = try PipelineFolder()
        try folder.image("a")
        for index in 1...2 { try await folder.run(pipeline, to: "a", shard: "\(index)/2") }
        try change("\"a.npy\"", to: "\"../in/a.npy\"", in: folder)
        #expect(reason([folder.path("a")], folder.path("out")).contains("names an output outside of its folder"))
    }

    /// Bytes of an output, an archive or a manifest that were lost since its shard ended.
    @Test func whatIsNotWholeIsRefused() async throws {
        let folder = try folder()
        let packed = pipeline.replacing("npy", with: "webdataset")
        for index in 1...2 { try await folder.run(packed, to: "a", shard: "\(index)/2") }
        let a = folder.path("a")
        func damaged(_ name: String, _ damage: (Data) -> Data) throws -> String {
            let path = URL(filePath: "\(a)/\(name)")
            let whole = try Data(contentsOf: path)
            try damage(whole).write(to: path)
            defer { try? whole.write(to: path) }
            return reason([a], a)
        }
        let names = try folder.tree("a").keys.sorted()
        let output = try #require(names.first { $0.hasSuffix(".npy") })
        #expect(try damaged(output) { _ in Data() }.contains("were written with"))
        let archive = try #require(names.first { $0.hasSuffix(".tar") })
        #expect(try damaged(archive) { $0.prefix(1000) }.contains("has 1000 bytes and was written with"))
        for index in 1...2 {
            let lost = try damaged("manifest.\(index)-of-2.jsonl") { lines in
                lines.suffix(from: lines.firstIndex(of: UInt8(ascii: "\n"))! + 1)
            }
            #expect(lost.contains("lines were lost, or a later run was broken off; go on with --shard \(index)/2"))
        }
        #expect(!FileManager.default.fileExists(atPath: "\(a)/manifest.jsonl"))
        #expect(reason([a], a) == "")
    }

    /// A run that goes on takes back that its shard has ended, before it adds anything.
    @Test func aShardThatGoesOnHasNotEnded() async throws {
        let folder = try folder()
        for index in 1...2 { try await folder.run(pipeline, to: "a", shard: "\(index)/2") }
        let a = folder.path("a")
        // The next run can't write its manifest.
        let manifest = "\(a)/manifest.1-of-2.jsonl"
        let lines = try Data(contentsOf: URL(filePath: manifest))
        try (Data("no line\n".utf8) + lines).write(to: URL(filePath: manifest))
        await #expect(throws: (any Error).self) {
            try await folder.run(pipeline, to: "a", shard: "1/2", resume: true)
        }
        try lines.write(to: URL(filePath: manifest))
        #expect(reason([a], a).contains("shard 1/2 in \(a) has not ended"))
        try await folder.run(pipeline, to: "a", shard: "1/2", resume: true)
        #expect(reason([a], a) == "")
    }

    /// Where the page can't be written there is no manifest either, and the merge and its shards can go on.
    @Test func aMergeThatWasStoppedIsGivenAgain() async throws {
        let folder = try folder()
        for index in 1...2 { try await folder.run(pipeline, to: "a", shard: "\(index)/2") }
        let a = folder.path("a")
        let obstacle = AtomicFile.temporaryPath(of: "\(a)/report.html")
        try FileManager.default.createDirectory(atPath: obstacle, withIntermediateDirectories: false)
        #expect(reason([a], a).contains("report.html"))
        let left = try FileManager.default.contentsOfDirectory(atPath: a)
        #expect(!left.contains("manifest.jsonl") && !left.contains("run.json"))
        #expect(left.filter { $0.hasSuffix("hilum-partial") }.map { "\(a)/\($0)" } == [obstacle])
        try FileManager.default.removeItem(atPath: obstacle)
        #expect(reason([a], a) == "")
        // Killed before the manifest appeared.
        try FileManager.default.removeItem(atPath: "\(a)/manifest.jsonl")
        try await folder.run(pipeline, to: "a", shard: "1/2", resume: true)
        #expect(reason([a], a) == "")
    }

    /// The files about a shard are nobody else's.
    @Test func itemsCalledLikeFilesOfAShardKeepTheirOutputs() async throws {
        let folder = try PipelineFolder()
        for name in ["run.1-of-2", "run.2-of-2", "samples.1-of-2", "samples.2-of-2", "run.1-of-2-more"] {
            try folder.image(name)
        }
        let packed = pipeline.replacing("npy", with: "webdataset")
        for index in 1...2 {
            for entry in try await folder.run(packed, to: "a", shard: "\(index)/2").values {
                #expect(entry.status == .ok && entry.outputs.contains("\(entry.item).json"))
                #expect(entry.item == "run.1-of-2-more" || entry.item.hasSuffix(".nii.gz"))
            }
        }
        #expect(try ShardMerge(folders: [folder.path("a")], output: folder.path("a")).run().ok == 5)
    }

    @Test func whatIsNoWholeRunIsRefusedAndNothingIsWritten() async throws {
        let folder = try folder()
        for index in 1...2 { try await folder.run(pipeline, to: "a", shard: "\(index)/2") }
        try await folder.run(pipeline, to: "b", shard: "2/2")
        try await folder.run(pipeline.replacing("npy", with: "safetensors"), to: "c", shard: "2/2")
        try await folder.run(pipeline, to: "d", shard: "1/2")
        try await folder.run(pipeline, to: "e", shard: "1/3")
        let (a, b, c, d, e) = (folder.path("a"), folder.path("b"), folder.path("c"), folder.path("d"), folder.path("e"))
        let out = folder.path("out")
        #expect(reason([a, b], out).contains("shard 2/2 is there twice"))
        #expect(reason([b], out).contains("of 2 shards 1 are missing: 1; run them with --shard 1/2"))
        #expect(reason([d, c], out).contains("come from different runs"))
        #expect(reason([d, e], out).contains("different divisions"))
        #expect(reason([folder.input], out).contains("no manifest.K-of-N.jsonl"))
        #expect(reason(["/nowhere"], out).contains("there is no folder"))

        let manifest = "\(d)/manifest.1-of-2.jsonl"
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        try (text + text.split(separator: "\n")[0] + "\n").write(toFile: manifest, atomically: true, encoding: .utf8)
        #expect(reason([d, b], out).contains("not in the order of items"))
        try String(text.dropLast(9)).write(toFile: manifest, atomically: true, encoding: .utf8)
        #expect(reason([d, b], out).contains("ends within a line"))
        let other = try String(contentsOfFile: "\(b)/manifest.2-of-2.jsonl", encoding: .utf8)
        try other.write(toFile: manifest, atomically: true, encoding: .utf8)
        #expect(reason([d, b], out).contains("which is not of shard 1/2"))
        try FileManager.default.removeItem(atPath: "\(d)/run.1-of-2.json")
        #expect(reason([d, b], out).contains("shard 1/2 in \(d) has not ended"))

        try await folder.run(pipeline, to: "whole")
        #expect(reason([a], folder.path("whole")).contains("holds a run that is no merge"))
        #expect(
            try FileManager.default.subpathsOfDirectory(atPath: folder.path("")).allSatisfy {
                !$0.hasPrefix("out/manifest") && !$0.contains("hilum-partial")
            })
    }
}
