import Foundation
import TestSupport
import Testing

@Suite struct ResumeTests {
    static let inputs = [
        "fixtures/ct-series", "fixtures/anatomical.nii", "fixtures/nifti2.nii.gz", "fixtures/mr_small.dcm",
        "fixtures/gray8.png", "fixtures/mr_truncated.dcm", "fixtures/functional_4d.nii", "fixtures/gray.jpg",
    ]
    static let pipeline = """
        name: resume
        stages:
          - rescale
          - normalize
          - flip: { axis: y, probability: 0.5 }
          - resize: { size: [96, 96], keepAspect: true }
        outputs: { tensors: [npy, safetensors], images: png }
        """

    private func run(_ scratch: Scratch, _ out: String, _ more: String...) throws -> HilumCommand.Result {
        let file = try scratch.write(Array(Self.pipeline.utf8), "resume.yaml")
        return try HilumCommand.run(["run", file] + Self.inputs + ["-o", out] + more)
    }

    @Test func workersAndShardsDoNotShowInAnyByte() throws {
        let scratch = try Scratch()
        let one = "\(scratch.path)/one"
        #expect(try run(scratch, one, "--workers", "1").status == 1)
        let expected = try tree(one)
        #expect(expected.count > 30)
        for workers in ["2", "4"] {
            let out = "\(scratch.path)/w\(workers)"
            _ = try run(scratch, out, "--workers", workers)
            #expect(try tree(out) == expected)
        }
        // Three shards into one folder: the union is the same, and so are the manifests' lines together.
        let shards = "\(scratch.path)/shards"
        for index in 1...3 { _ = try run(scratch, shards, "--shard", "\(index)/3") }
        var union = try tree(shards)
        var lines: [Substring] = []
        for index in 1...3 {
            let name = "manifest.\(index)-of-3.jsonl"
            let data = try #require(union[name])
            union[name] = nil
            lines += String(decoding: data, as: UTF8.self).split(separator: "\n")
        }
        let whole = String(decoding: try #require(expected["manifest.jsonl"]), as: UTF8.self)
        #expect(lines.sorted() == whole.split(separator: "\n").sorted())
        #expect(union == expected.filter { $0.key != "manifest.jsonl" })
    }

    /// A series that has grown is another item: what was made of a part of it is outdated, and said to be.
    @Test func aSeriesThatHasGrownIsSaid() throws {
        let scratch = try Scratch()
        let (input, out) = ("\(scratch.path)/in", "\(scratch.path)/o")
        try FileManager.default.createDirectory(atPath: input, withIntermediateDirectories: true)
        let slices = try FileManager.default.contentsOfDirectory(atPath: Fixtures.path("ct-series")).sorted()
        func add(_ names: ArraySlice<String>) throws {
            for name in names {
                try FileManager.default.copyItem(
                    atPath: Fixtures.path("ct-series/\(name)"), toPath: "\(input)/\(name)")
            }
        }
        let pipeline = "input: { onIrregular: allow }\nstages: [rescale]\noutputs: { tensors: npy }\n"
        let file = try scratch.write(Array(pipeline.utf8), "p.yaml")
        try add(slices.prefix(4))
        #expect(try HilumCommand.run("run", file, input, "-o", out).status == 0)
        let part = try #require(try manifest(out).keys.first)
        let again = try HilumCommand.run("run", file, input, "-o", out, "--resume")
        #expect(!again.errors.contains("outdated"))
        try add(slices.dropFirst(4))
        let whole = try HilumCommand.run("run", file, input, "-o", out, "--resume")
        #expect(whole.status == 0 && whole.errors.contains("outdated items of earlier runs"), "\(whole.errors)")
        #expect(whole.errors.contains(": 1, as \(part);"), "\(whole.errors)")
    }

    @Test func anotherSeedMakesOtherBytes() throws {
        let scratch = try Scratch()
        _ = try run(scratch, "\(scratch.path)/a", "--seed", "1")
        _ = try run(scratch, "\(scratch.path)/b", "--seed", "2")
        #expect(try tree("\(scratch.path)/a") != tree("\(scratch.path)/b"))
    }

    /// kill -9 at random moments, then --resume: the tree is that of a run that nobody disturbed. HILUM_KILLS sets how many.
    @Test func aKilledRunResumesToTheSameTree() throws {
        let scratch = try Scratch()
        let whole = "\(scratch.path)/whole"
        let start = ContinuousClock.now
        _ = try run(scratch, whole, "--workers", "2")
        let duration =
            Double((ContinuousClock.now - start).components.attoseconds) / 1e18
            + Double((ContinuousClock.now - start).components.seconds)
        let expected = try tree(whole)
        let kills = ProcessInfo.processInfo.environment["HILUM_KILLS"].flatMap { Int($0) } ?? 6
        var interrupted = 0
        for round in 0..<kills {
            let out = "\(scratch.path)/killed-\(round)"
            let file = "\(scratch.path)/resume.yaml"
            // Twice in a row: the second kill meets what the first has left.
            for resume in [[], ["--resume"]] {
                let process = try HilumCommand.start(
                    ["run", file] + Self.inputs + ["-o", out, "--workers", "2"] + resume)
                usleep(UInt32(Double.random(in: 0...duration) * 1e6))
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                if process.terminationReason == .uncaughtSignal { interrupted += 1 }
            }
            #expect(try run(scratch, out, "--resume").status == 1)
            #expect(try tree(out) == expected, "round \(round)")
            try FileManager.default.removeItem(atPath: out)
        }
        #expect(interrupted > 0)
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func signalsStopARunInOrder(number: Int32) throws {
        let scratch = try Scratch()
        // Enough work to be in the middle of.
        for index in 0..<40 {
            try FileManager.default.createSymbolicLink(
                atPath: "\(scratch.path)/\(index).nii", withDestinationPath: Fixtures.path("functional_4d.nii"))
        }
        let file = try scratch.write(Array(Self.pipeline.utf8), "resume.yaml")
        let out = "\(scratch.path)/out"
        let arguments = ["run", file, scratch.path, "-o", out, "--workers", "1"]
        let process = try HilumCommand.start(arguments)
        while !FileManager.default.fileExists(atPath: "\(out)/0.npy"), process.isRunning { usleep(1000) }
        kill(process.processIdentifier, number)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 130)
        #expect(try tree(out).keys.allSatisfy { !$0.contains("hilum-partial") })
        #expect(try manifest(out).count < 41)
        let resumed = try HilumCommand.run(arguments + ["--resume"])
        #expect(resumed.status == 0)
        #expect(resumed.errors.contains("from an earlier run"))
        #expect(try manifest(out).count == 41)
    }

    @Test func outputsInsideTheInputAreNotTakenForInput() throws {
        let scratch = try Scratch()
        for name in ["gray8.png", "gray16.png"] {
            try FileManager.default.copyItem(atPath: Fixtures.path(name), toPath: "\(scratch.path)/\(name)")
        }
        let file = try scratch.write(Array(Self.pipeline.utf8), "resume.yaml")
        for more in [[], ["--resume"]] {
            let result = try HilumCommand.run(["run", file, scratch.path, "-o", "\(scratch.path)/out"] + more)
            #expect(result.status == 0)
            #expect(try manifest("\(scratch.path)/out").keys.sorted() == ["gray16", "gray8", "resume.yaml"])
        }
    }

    /// Runs of one pipeline into folders of the input: none takes another's results for images.
    @Test func resultsOfOtherPartsAreNotTakenForInput() throws {
        let scratch = try Scratch()
        try FileManager.default.copyItem(atPath: Fixtures.path("gray8.png"), toPath: "\(scratch.path)/gray8.png")
        let yaml = """
            name: pictures
            stages: [normalize: { method: percentile, lower: 0.5, upper: 99 }]
            outputs: { images: png }
            """
        let other = try Scratch()
        let file = try other.write(Array(yaml.utf8), "pictures.yaml")
        func run(_ input: String, _ out: String, _ more: String...) throws -> [String: String] {
            let out = "\(scratch.path)/\(out)"
            let result = try HilumCommand.run(["run", file, input, "-o", out] + more)
            #expect(result.status == 0, "\(result.errors)")
            return try manifest(out).mapValues { ($0["error"] as? [String: Any])?["code"] as? String ?? "ok" }
        }
        #expect(try run(scratch.path, "seed-1") == ["gray8": "ok"])
        let both = ["gray8": "ok", "seed-1": "own-results"]
        #expect(try run(scratch.path, "seed-2", "--seed", "2") == both)
        // A run that has only begun is one, too.
        let note = "\(scratch.path)/seed-1/run.json"
        let text = try String(contentsOfFile: note, encoding: .utf8)
        try FileManager.default.removeItem(atPath: "\(scratch.path)/seed-1/manifest.jsonl")
        try text.replacing(/"counts": \{[^}]*\}/, with: "\"counts\": null").write(
            toFile: note, atomically: false, encoding: .utf8)
        #expect(try run(scratch.path, "seed-2", "--seed", "2", "--resume") == both)
        // What is named itself is meant, and so is what another pipeline made.
        #expect(try run("\(scratch.path)/seed-1", "again")["gray8"] == "ok")
        try text.replacing("\"pictures\"", with: "\"others\"").write(toFile: note, atomically: false, encoding: .utf8)
        #expect(try run(scratch.path, "seed-3")["seed-1/gray8"] == "ok")
    }

    @Test func aFolderThatHoldsARunIsNotOverwrittenUnasked() throws {
        let scratch = try Scratch()
        let out = "\(scratch.path)/o"
        _ = try run(scratch, out)
        let again = try run(scratch, out)
        #expect(again.status == 2)
        #expect(again.errors.contains("--resume"))
    }

    /// A resize at the head of a pipeline works while the image is read; behind a stage that does nothing it does not.
    @Test func resizingWhileReadingShowsInNoVoxel() throws {
        let scratch = try Scratch()
        let head = try scratch.write(
            Array("stages: [resize: { size: [40, 50] }]\noutputs: { tensors: npy }\n".utf8), "head.yaml")
        let behind = try scratch.write(
            Array(
                "stages: [flip: { axis: x, probability: 0 }, resize: { size: [40, 50] }]\noutputs: { tensors: npy }\n"
                    .utf8),
            "behind.yaml")
        func arrays(_ pipeline: String, _ out: String) throws -> [String: Data] {
            _ = try HilumCommand.run(["run", pipeline, "fixtures", "-o", out])
            return try tree(out).filter { $0.key.hasSuffix(".npy") }
        }
        let expected = try arrays(behind, "\(scratch.path)/behind")
        #expect(expected.count > 80)
        #expect(try arrays(head, "\(scratch.path)/head") == expected)

        // The key of the one pass is the key that --resume makes beforehand.
        let before = try tree("\(scratch.path)/head")
        let resumed = try HilumCommand.run(["run", head, "fixtures", "-o", "\(scratch.path)/head", "--resume"])
        #expect(resumed.errors.contains("from an earlier run"))
        #expect(try tree("\(scratch.path)/head") == before)
    }

    /// A limit on the size of files (`ulimit -f`, in 512 or 1,024 bytes) stops one item, not the run, and leaves nothing.
    @Test func aFileThatMayNotGrowFailsItsItem() throws {
        let scratch = try Scratch()
        let file = try scratch.write(
            Array("stages: [resize: { size: [256, 256] }]\noutputs: { tensors: npy }\n".utf8), "large.yaml")
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [
            "-c", "ulimit -f 64; exec \"$@\"", "sh", HilumCommand.path, "run", file, Fixtures.path("ct_small.dcm"),
            "-o",
            "\(scratch.path)/out", "--quiet",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 1)
        let entry = try #require(try manifest("\(scratch.path)/out")["ct_small"]?["error"] as? [String: String])
        #expect(entry["message"]?.contains("File too large") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/out").count == 2)
    }

    @Test func anInputThatChangedBetweenRunsIsDoneAgain() throws {
        let scratch = try Scratch()
        let file = try scratch.write(
            Array("stages: [resize: { size: [40, 50] }]\noutputs: { tensors: npy }\n".utf8), "head.yaml")
        let (input, out) = ("\(scratch.path)/input.dcm", "\(scratch.path)/out")
        var bytes = try Fixtures.bytes("mr_small.dcm")
        _ = try scratch.write(bytes, "input.dcm")
        _ = try HilumCommand.run(["run", file, input, "-o", out])
        let before = try tree(out)
        bytes[bytes.count - 4000] ^= 1
        _ = try scratch.write(bytes, "input.dcm")
        let resumed = try HilumCommand.run(["run", file, input, "-o", out, "--resume"])
        #expect(resumed.status == 0 && !resumed.errors.contains("from an earlier run"))
        #expect(try tree(out)["input.json"] != before["input.json"])
    }
}
