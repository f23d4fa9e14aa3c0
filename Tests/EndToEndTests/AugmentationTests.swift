import Foundation
import TestSupport
import Testing

@Suite struct AugmentationTests {
    static let inputs = [
        "fixtures/ct-series", "fixtures/anatomical.nii", "fixtures/mr_small.dcm", "fixtures/gray8.png",
        "fixtures/rgb.png", "fixtures/nifti2_header_only.hdr", "fixtures/cr_monochrome1.dcm",
    ]

    private func run(_ out: String, _ more: [String] = [], pipeline: String = "augment-everything") throws
        -> HilumCommand.Result
    {
        try HilumCommand.run(["run", pipeline] + Self.inputs + ["-o", out, "--seed", "11"] + more)
    }

    /// All random stages, three variants: 1, 2 and 4 workers, three shards, and a run that was begun before.
    @Test func workersShardsAndResumptionDoNotShowInAnyByte() throws {
        let scratch = try Scratch()
        let one = "\(scratch.path)/one"
        #expect(try run(one, ["--workers", "1"]).status == 1)
        let expected = try tree(one)
        #expect(expected.keys.filter { $0.hasSuffix(".variant-0003.npy") }.count == 6)
        for workers in ["2", "4"] {
            let out = "\(scratch.path)/w\(workers)"
            _ = try run(out, ["--workers", workers])
            #expect(try tree(out) == expected)
        }
        let shards = "\(scratch.path)/shards"
        for index in 1...3 { _ = try run(shards, ["--shard", "\(index)/3"]) }
        let union = try tree(shards)
        let lines = try (1...3).flatMap { index in
            String(decoding: try #require(union["manifest.\(index)-of-3.jsonl"]), as: UTF8.self).split(separator: "\n")
        }
        let whole = String(decoding: try #require(expected["manifest.jsonl"]), as: UTF8.self)
        #expect(lines.sorted() == whole.split(separator: "\n").sorted())
        #expect(
            union.filter { !$0.key.hasPrefix("manifest") } == expected.filter { !$0.key.hasPrefix("manifest") })

        // A lost variant is made again, and nothing else; fewer variants leave no files of more.
        try FileManager.default.removeItem(atPath: "\(one)/gray8.variant-0002.npy")
        #expect(try run(one, ["--resume"]).errors.contains("5 from an earlier run"))
        #expect(try tree(one) == expected)
        _ = try run(one, ["--resume", "--set", "variants=2"])
        let fewer = try tree(one)
        #expect(!fewer.keys.contains { $0.contains("variant-0003") })
        #expect(fewer["gray8.variant-0001.npy"] == expected["gray8.variant-0001.npy"])
    }

    @Test func variantsDifferAndAreListed() throws {
        let scratch = try Scratch()
        let out = "\(scratch.path)/o"
        let result = try HilumCommand.run("run", "augment-mri", "fixtures/mr_small.dcm", "-o", out)
        #expect(result.status == 0)
        let line = try #require(try manifest(out)["mr_small"])
        let outputs = try #require(line["outputs"] as? [String])
        #expect(outputs.count == 20 && outputs.contains("mr_small.variant-0010.npy"))
        let tensors = try tree(out).filter { $0.key.hasSuffix(".npy") }
        #expect(Set(tensors.values).count == 10)
        let sidecar = try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(filePath: "\(out)/mr_small.variant-0004.json"))) as? [String: Any])
        #expect(sidecar["variant"] as? Int == 4)
        // One variant is the first of several, under the name that it always had.
        let single = "\(scratch.path)/single"
        _ = try HilumCommand.run("run", "augment-mri", "fixtures/mr_small.dcm", "-o", single, "--set", "variants=1")
        #expect(try tree(single)["mr_small.npy"] == tensors["mr_small.variant-0001.npy"])
    }

    @Test func lesionsHaveBoxesAndMasks() throws {
        let scratch = try Scratch()
        let out = "\(scratch.path)/o"
        #expect(try HilumCommand.run("run", "augment-ct-lesions", "fixtures/ct-series", "-o", out).status == 0)
        let files = try tree(out)
        let sidecars = files.filter { $0.key.contains(".variant-") && $0.key.hasSuffix(".json") }
        #expect(sidecars.count == 4)
        for sidecar in sidecars.values {
            let json = try #require(try JSONSerialization.jsonObject(with: sidecar) as? [String: Any])
            let boxes = try #require(json["boxes"] as? [[String: Any]])
            #expect(boxes.allSatisfy { ($0["box"] as? [Double])?.count == 6 })
            #expect((json["masks"] as? [String]) == ["lesions"])
        }
        #expect(files.keys.filter { $0.hasSuffix(".lesions.npy") }.count == 4)
    }

    @Test func aReplayMakesTheSameBytes() throws {
        let scratch = try Scratch()
        let out = "\(scratch.path)/o"
        #expect(try run(out, ["--workers", "2"]).status == 1)
        let expected = try tree(out)
        let series = try #require(
            expected.keys.first { $0.hasPrefix("ct-series/") && $0.hasSuffix("variant-0003.json") })
        for (number, (sidecar, input)) in [
            ("gray8.variant-0002.json", "fixtures/gray8.png"), ("gray8.variant-0001.json", "fixtures"),
            (series, "fixtures"), ("mr_small.variant-0003.json", "fixtures/mr_small.dcm"),
        ].enumerated() {
            let again = "\(scratch.path)/again-\(number)"
            let result = try HilumCommand.run("run", "--replay", "\(out)/\(sidecar)", input, "-o", again)
            #expect(result.status == 0, "\(sidecar): \(result.errors)")
            let stem = String(sidecar.dropLast(5))
            let made = try tree(again).filter { $0.key != "manifest.jsonl" && !$0.key.hasSuffix(".json") }
            let original = expected.filter { $0.key.hasPrefix(stem + ".") && !$0.key.hasSuffix(".json") }
            #expect(made == original && made.count == 4)
        }
    }

    @Test func aReplayOfSomethingElseIsRefused() throws {
        let scratch = try Scratch()
        let out = "\(scratch.path)/o"
        _ = try HilumCommand.run("run", "augment-everything", "fixtures/gray8.png", "-o", out)
        let sidecar = "\(out)/gray8.variant-0001.json"
        let text = try String(contentsOfFile: sidecar, encoding: .utf8)
        func refusal(_ sidecar: String, _ input: String, _ more: String...) throws -> String {
            let again = "\(scratch.path)/again"
            let result = try HilumCommand.run(["run", "--replay", sidecar, input, "-o", again] + more)
            #expect(result.status == 2)
            #expect(!FileManager.default.fileExists(atPath: again))
            return result.errors
        }
        func edited(_ from: String, _ to: String) throws -> String {
            try scratch.write(Array(text.replacingOccurrences(of: from, with: to).utf8), "edited.json")
        }
        // Another file of the same name, and nothing like it.
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/in", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: Fixtures.path("gray16.png"), toPath: "\(scratch.path)/in/gray8.png")
        #expect(try refusal(sidecar, "\(scratch.path)/in").contains("gray8.png has the digest"))
        #expect(try refusal(sidecar, "fixtures/rgb.png").contains("nothing in the input has the 1 file"))
        #expect(
            try refusal(try edited("\"version\": \"", "\"version\": \"9."), "fixtures/gray8.png").contains(
                "written by hilum 9."))
        #expect(try refusal(try edited("\"seed\": 0", "\"seed\": 1"), "fixtures/gray8.png").contains("another digest"))
        #expect(try refusal(try edited("\"seed\"", "\"sed\""), "fixtures/gray8.png").contains("no sidecar"))
        #expect(try refusal(sidecar, "fixtures/gray8.png", "--seed", "3").contains("leave out"))
        #expect(try refusal("fixtures/gray8.png", "fixtures/gray8.png").contains("not JSON"))
        // A file that only moved is found by its digest.
        try FileManager.default.copyItem(atPath: Fixtures.path("gray8.png"), toPath: "\(scratch.path)/in/other.png")
        try FileManager.default.removeItem(atPath: "\(scratch.path)/in/gray8.png")
        let moved = try HilumCommand.run(
            "run", "--replay", sidecar, "\(scratch.path)/in", "-o", "\(scratch.path)/moved")
        #expect(moved.status == 0)
        #expect(try tree("\(scratch.path)/moved")["gray8.variant-0001.npy"] == tree(out)["gray8.variant-0001.npy"])
        // A draw that was edited is not what the stage draws.
        let changed = try HilumCommand.run(
            "run", "--replay", try edited("\"applied\": true", "\"applied\": false"), "fixtures/gray8.png", "-o",
            "\(scratch.path)/changed")
        #expect(changed.status == 1)
        #expect(try manifest("\(scratch.path)/changed").values.contains { "\($0)".contains("drew or decided") })
    }
}
