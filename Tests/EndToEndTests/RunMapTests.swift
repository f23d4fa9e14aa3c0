import Foundation
import TestSupport
import Testing

/// The way back from what `hilum run` wrote under keyed names, for those who have the key.
@Suite struct RunMapTests {
    private let scratch: Scratch
    private let key: String
    private let pipeline: String
    private var input: String { "\(scratch.path)/in" }
    private var out: String { "\(scratch.path)/out" }
    private var map: String { "\(scratch.path)/map" }

    init() throws {
        scratch = try Scratch()
        key = "\(scratch.path)/key"
        let yaml = "stages: [deidentify, resize: { size: [8, 8] }]\noutputs: { tensors: npy }\n"
        pipeline = try scratch.write(Array(yaml.utf8), "deidentify.yaml")
        #expect(try HilumCommand.run("key", "new", key).status == 0)
        try FileManager.default.createDirectory(atPath: input, withIntermediateDirectories: false)
        for name in ["ct_small.dcm", "gray8.png", "mr_truncated.dcm", "README.md"] {
            try FileManager.default.copyItem(atPath: Fixtures.path(name), toPath: "\(input)/\(name)")
        }
    }

    private func run(_ more: String...) throws -> HilumCommand.Result {
        try HilumCommand.run(["run", pipeline, input, "-o", out, "--key", key] + more)
    }

    /// Lines of the map by item.
    private func revealed() throws -> [String: [String: Any]] {
        let result = try HilumCommand.run("key", "reveal", map, "--key", key)
        #expect(result.status == 0, "\(result.errors)")
        let lines = try result.output.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        return Dictionary(uniqueKeysWithValues: lines.map { ($0["item"] as? String ?? "", $0) })
    }

    /// Failed and skipped items have their lines, too.
    @Test func everyItemOfTheManifestHasItsFiles() throws {
        #expect(try run("--map", map).status == 1)
        let (lines, items) = (try revealed(), try manifest(out))
        #expect(Set(lines.keys) == Set(items.keys) && lines.count == 4)
        for (item, line) in lines {
            #expect(line["inputs"] as? [String] == items[item]?["inputs"] as? [String])
        }
        let paths = lines.values.flatMap { $0["paths"] as? [String] ?? [] }
        #expect(Set(paths) == ["ct_small.dcm", "gray8.png", "mr_truncated.dcm", "README.md"])
        #expect(Set(lines.values.compactMap { $0["name"] as? String }).contains("ct_small"))
        #expect(!FileManager.default.contents(atPath: map)!.contains(Data("ct_small".utf8)))
    }

    /// Also where it was broken off before its end: the key is noted first.
    @Test func aTreeHasOneKeyOrNone() throws {
        #expect(try run().status == 1)
        let bytes = try Data(contentsOf: URL(filePath: "\(out)/run.json"))
        let note = try JSONSerialization.jsonObject(with: bytes) as? [String: Any]
        #expect((note?["keyFingerprint"] as? String)?.count == 16)
        let other = "\(scratch.path)/other-key"
        #expect(try HilumCommand.run("key", "new", other).status == 0)
        let resumed = try HilumCommand.run("run", pipeline, input, "-o", out, "--key", other, "--resume")
        #expect(resumed.status == 2 && resumed.errors.contains("another key"))
        let yaml = "stages: [resize: { size: [8, 8] }]\noutputs: { tensors: npy }\n"
        let plain = try scratch.write(Array(yaml.utf8), "plain.yaml")
        for more in [[], ["--dry-run"]] {
            let mixed = try HilumCommand.run(["run", plain, input, "-o", out, "--resume"] + more)
            #expect(mixed.status == 2 && mixed.errors.contains("this one has none"))
        }
        #expect(try run("--resume").errors.contains("from an earlier run"))
    }

    /// A run that goes on, or is complete already, writes the table, and loses nothing of an earlier one.
    @Test func goingOnKeepsWhatIsThere() throws {
        #expect(try run().status == 1)
        #expect(try run("--map", map, "--resume").status == 1)
        #expect(try revealed().count == 4)
        try FileManager.default.removeItem(atPath: "\(input)/gray8.png")
        let fewer = try run("--map", map, "--resume")
        #expect(fewer.errors.contains("not among the inputs any more: 1;"), "\(fewer.errors)")
        #expect(try revealed().count == 4)
        #expect(try Set(revealed().keys) == Set(manifest(out).keys))
        let counts = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: "\(out)/run.json")))
        #expect(((counts as? [String: Any])?["counts"] as? [String: Any])?["unclaimed"] as? Int == 1)
    }

    /// Shards are given one path, and none replaces what another wrote.
    @Test func everyShardHasATableOfItsOwn() throws {
        for index in 1...2 {
            let result = try run("--map", "\(map).hmap", "--shard", "\(index)/2")
            #expect(result.errors.contains("manifest.\(index)-of-2.jsonl"))
        }
        let maps = (1...2).map { "\(map).\($0)-of-2.hmap" }
        let result = try HilumCommand.run(["key", "reveal"] + maps + ["--key", key])
        #expect(result.status == 0 && result.output.split(separator: "\n").count == 4, "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: "\(map).hmap"))
        #expect(try run("--map", "\(map).hmap", "--shard", "1/2", "--resume").status != 2)
        #expect(try HilumCommand.run(["key", "reveal"] + maps + ["--key", key]).output == result.output)
    }

    @Test func whatWouldCostAFileOrALeakIsRefused() throws {
        let plain = try scratch.write(Array("stages: [rescale]\noutputs: { tensors: npy }\n".utf8), "plain.yaml")
        let before = try tree(scratch.path)
        for (more, words) in [
            (["--map", "\(out)/map"], "keep it apart"), (["--map", "\(input)/map"], "lies in the input"),
            (["--map", key], "is the key"), (["--map", plain], "is there already"),
            (["--map", plain, "--resume"], "no identity map"),
        ] {
            let result = try HilumCommand.run(["run", pipeline, input, "-o", out, "--key", key] + more)
            #expect(result.status == 2 && result.errors.contains(words), "\(more): \(result.errors)")
        }
        let result = try HilumCommand.run("run", plain, input, "-o", out, "--map", map)
        #expect(result.status == 2 && result.errors.contains("--map is for pipelines with a deidentify stage"))
        #expect(try tree(scratch.path) == before)
    }
}
