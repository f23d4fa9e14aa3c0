import DataSets
import Foundation
import TestSupport
import Testing

@Suite struct AnonymizeTests {
    /// Names, numbers and UIDs of the patients in the inputs, as they stand in the files.
    private static let originals: [Data] = {
        var values: Set<String> = []
        for input in inputs {
            let names = (try? FileManager.default.subpathsOfDirectory(atPath: "\(Fixtures.root)/\(input)")) ?? []
            for path in names.isEmpty ? ["\(Fixtures.root)/\(input)"] : names.map({ "\(Fixtures.root)/\(input)/\($0)" })
            {
                guard let file = try? PartTenFile(path: path) else { continue }
                for tag in [
                    DataSets.Tag(0x0010, 0x0010), Tag(0x0010, 0x0020), Tag(0x0008, 0x0018), Tag(0x0020, 0x000D),
                    Tag(0x0020, 0x000E),
                ] {
                    values.insert(file.dataSet.text(tag))
                }
            }
        }
        return values.filter { $0.count >= 6 }.map { Data($0.utf8) }
    }()

    static let inputs = ["fixtures/ct-series", "fixtures/pixels", "fixtures/ct_small.dcm", "fixtures/sr_no_pixels.dcm"]

    private func key(_ scratch: Scratch) throws -> String {
        let path = "\(scratch.path)/key"
        if !FileManager.default.fileExists(atPath: path) {
            #expect(try HilumCommand.run("key", "new", path).status == 0)
        }
        return path
    }

    private func anonymize(_ scratch: Scratch, _ out: String, _ more: [String] = []) throws -> HilumCommand.Result {
        try HilumCommand.run(["anonymize"] + Self.inputs + ["-o", out, "--key", try key(scratch)] + more)
    }

    /// Takes out what a person has to decide about.
    private func takeOutHeld(_ out: String) throws {
        let folder = "\(out)/held"
        if FileManager.default.fileExists(atPath: folder) { try FileManager.default.removeItem(atPath: folder) }
    }

    /// Files of a tree in which an original value stands, by any of their bytes.
    private func leaks(_ out: String) throws -> [String] {
        try tree(out).filter { file in Self.originals.contains { file.value.range(of: $0) != nil } }.keys.sorted()
    }

    @Test func aTreeIsProvedAloneAndBesideItsOriginals() throws {
        let scratch = try Scratch()
        let out = "\(scratch.path)/out"
        let result = try anonymize(scratch, out, ["--json"])
        // Some fixtures are made to be refused.
        #expect(result.status == 1)
        #expect(Self.originals.count > 5)
        #expect(try leaks(out) == [])
        for text in [result.output, result.errors] {
            #expect(!Self.originals.contains { Data(text.utf8).range(of: $0) != nil })
        }
        let against = Self.inputs.flatMap { ["--against", "\(Fixtures.root)/\($0)"] }
        #expect(try HilumCommand.run(["verify", out, "--key", try key(scratch)]).status == 0)
        #expect(try HilumCommand.run(["verify", out, "--key", try key(scratch)] + against).status == 0)
    }

    /// Every file of the fixtures, whatever is odd about it, with all that looks into pixels, texts and private elements.
    @Test func oddFilesComeOutOrAreRefused() throws {
        let scratch = try Scratch()
        let out = "\(scratch.path)/out"
        let result = try HilumCommand.run([
            "anonymize", "fixtures", "-o", out, "--key", try key(scratch), "--profile", "deidentify-research",
            "--option",
            "clean-recognizable-visual-features", "--face-pictures", "\(scratch.path)/faces", "--quiet",
        ])
        #expect(result.status == 1)
        let lines = try manifest(out).values
        #expect(lines.count { $0["status"] as? String == "ok" } > 50)
        #expect(lines.allSatisfy { ($0["error"] as? [String: Any])?["code"] as? String != "internal" })
        try takeOutHeld(out)
        #expect(try HilumCommand.run(["verify", out, "--key", try key(scratch), "--against", "fixtures"]).output == "")
    }

    /// What is written beside OUT never costs a file that is there, and is checked before any work.
    @Test func nothingThatIsThereIsOverwritten() throws {
        let scratch = try Scratch()
        let (key, out) = (try key(scratch), "\(scratch.path)/out")
        let input = "\(scratch.path)/in/a.dcm"
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/in", withIntermediateDirectories: false)
        try FileManager.default.copyItem(atPath: Fixtures.path("ct_small.dcm"), toPath: input)
        let before = try tree(scratch.path)
        for (option, path, words) in [
            ("--report", input, "lies in the input"), ("--map", "\(scratch.path)/in/map", "lies in the input"),
            ("--map", key, "is the key"), ("--report", key, "is the key"),
            ("--map", "\(out)/map", "keep it apart"), ("--report", "\(out)/report.json", "keep it apart"),
            ("--face-pictures", "\(out)/faces", "keep it apart"),
            ("--report", "\(scratch.path)/in", "lies in the input"), ("--report", scratch.path, "is a folder"),
            ("--report", "\(scratch.path)/no/report.json", "can't be written"),
        ] {
            let result = try HilumCommand.run([
                "anonymize", "\(scratch.path)/in", "-o", out, "--key", key, option, path,
            ])
            #expect(result.status == 2 && result.errors.contains(words), "\(option) \(path): \(result.errors)")
        }
        let file = try scratch.write([1], "report.html")
        let result = try HilumCommand.run([
            "anonymize", input, "-o", out, "--key", key, "--report", "\(scratch.path)/report.json",
        ])
        #expect(result.status == 2 && result.errors.contains("is there already"), "\(result.errors)")
        try FileManager.default.removeItem(atPath: file)
        #expect(try tree(scratch.path) == before)
    }

    /// The way back for those who have the key: from every item of the manifest to its file, refused ones too.
    @Test func theMapLeadsToEveryFile() throws {
        let scratch = try Scratch()
        let (key, map) = (try key(scratch), "\(scratch.path)/map")
        let inputs = ["ct_small.dcm", "mr_truncated.dcm", "README.md"]
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/in", withIntermediateDirectories: false)
        for name in inputs {
            try FileManager.default.copyItem(atPath: Fixtures.path(name), toPath: "\(scratch.path)/in/\(name)")
        }
        _ = try HilumCommand.run([
            "anonymize", "\(scratch.path)/in", "-o", "\(scratch.path)/out", "--key", key, "--map", map,
        ])
        let revealed = try HilumCommand.run(["key", "reveal", map, "--key", key])
        #expect(revealed.status == 0, "\(revealed.errors)")
        let lines = try revealed.output.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        #expect(Set(lines.compactMap { $0["path"] as? String }) == Set(inputs))
        #expect(try Set(lines.compactMap { $0["item"] as? String }) == Set(manifest("\(scratch.path)/out").keys))
    }

    /// A dry run says of each file what the run then says.
    @Test func aDryRunIsRight() throws {
        let scratch = try Scratch()
        let arguments = ["anonymize", "fixtures", "-o", "\(scratch.path)/out", "--key", try key(scratch), "--json"]
        let dry = try HilumCommand.run(arguments + ["--dry-run"])
        #expect(dry.status == 0 && !FileManager.default.fileExists(atPath: "\(scratch.path)/out"))
        let events = try dry.output.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
        let foretold = events.filter { $0["event"] as? String == "item" }
        #expect(events.last?["event"] as? String == "summary" && foretold.count == events.count - 1)
        _ = try HilumCommand.run(arguments)
        let found = try manifest("\(scratch.path)/out")
        #expect(foretold.count == found.count)
        for line in foretold {
            let item = try #require(line["item"] as? String)
            let code = (found[item]?["error"] as? [String: Any])?["code"] as? String
            // Whether pixels are held shows when they are looked at.
            #expect(line["code"] as? String == (code == "held" ? nil : code), "\(item)")
        }
    }

    /// One option at a time, on files that hold all kinds of things.
    @Test(arguments: ["retain-uids", "retain-longitudinal-full-dates", "retain-device-identity"])
    func whatAnOptionKeepsIsNoLeak(_ option: String) throws {
        let scratch = try Scratch()
        let out = "\(scratch.path)/out"
        let result = try HilumCommand.run([
            "anonymize", "fixtures", "-o", out, "--key", try key(scratch), "--option", option, "--quiet",
        ])
        #expect(result.status == 1)
        let codes = try manifest(out).values.compactMap { ($0["error"] as? [String: Any])?["code"] as? String }
        #expect(!codes.contains("leak"))
        try takeOutHeld(out)
        #expect(try HilumCommand.run(["verify", out, "--key", try key(scratch), "--against", "fixtures"]).status == 0)
    }

    @Test func aChangeShows() throws {
        let scratch = try Scratch()
        let out = "\(scratch.path)/out"
        _ = try anonymize(scratch, out)
        let name = try #require(try tree(out).keys.filter { $0.contains("/") }.min())
        let file = URL(filePath: "\(out)/\(name)")
        let bytes = try Data(contentsOf: file)
        try Data(contentsOf: URL(filePath: Fixtures.path("ct_small.dcm"))).write(to: file)
        let replaced = try HilumCommand.run(["verify", out, "--key", try key(scratch)])
        #expect(replaced.status == 3 && replaced.output.contains(name))
        try bytes.write(to: file)
        let report = URL(filePath: "\(out)/deidentification.json")
        let text = try String(contentsOf: report, encoding: .utf8)
        let changed = text.replacing("\"status\":\"failed\"", with: "\"status\":\"ok\"", maxReplacements: 1)
        #expect(changed != text)
        try changed.write(to: report, atomically: false, encoding: .utf8)
        #expect(try HilumCommand.run(["verify", out, "--key", try key(scratch)]).status == 3)
        try text.write(to: report, atomically: false, encoding: .utf8)
        try Data([1, 2, 3]).write(to: URL(filePath: "\(out)/stray"))
        #expect(try HilumCommand.run(["verify", out, "--key", try key(scratch)]).status == 3)
    }

    /// A second release beside the first, in the folder of the originals.
    @Test func aReleaseIsNotTakenForOriginals() throws {
        let scratch = try Scratch()
        let input = "\(scratch.path)/in"
        try FileManager.default.createDirectory(atPath: input, withIntermediateDirectories: false)
        try FileManager.default.copyItem(atPath: Fixtures.path("ct_small.dcm"), toPath: "\(input)/a.dcm")
        for index in 1...2 {
            let out = "\(input)/release-\(index)"
            let result = try HilumCommand.run(["anonymize", input, "-o", out, "--key", try key(scratch)])
            #expect(result.status == 0 && result.errors.contains("1 ok, 0 failed, \(index - 1) skipped"))
            let proof = try HilumCommand.run(["verify", out, "--against", input, "--key", try key(scratch)])
            #expect(proof.status == 0, "\(proof.output)\(proof.errors)")
        }
    }

    @Test func workersShardsAndMachinesDoNotShow() throws {
        let scratch = try Scratch()
        _ = try anonymize(scratch, "\(scratch.path)/one", ["--workers", "1"])
        _ = try anonymize(scratch, "\(scratch.path)/four", ["--workers", "4"])
        let expected = try tree("\(scratch.path)/one")
        #expect(try tree("\(scratch.path)/four") == expected)
        for index in 1...2 {
            let report = "\(scratch.path)/report.json"
            _ = try anonymize(scratch, "\(scratch.path)/shards", ["--shard", "\(index)/2", "--report", report])
            for ending in ["json", "html"] {
                let name = ".\(index)-of-2.\(ending)"
                #expect(
                    FileManager.default.contents(atPath: "\(scratch.path)/report\(name)")
                        == FileManager.default.contents(atPath: "\(scratch.path)/shards/deidentification\(name)"))
            }
        }
        #expect(try HilumCommand.run(["verify", "\(scratch.path)/shards", "--key", try key(scratch)]).status == 0)
        let images = { (tree: [String: Data]) in tree.filter { $0.key.contains("/") } }
        #expect(try images(tree("\(scratch.path)/shards")) == images(expected))
    }

    /// kill -9 at random moments: nothing original is ever there, not even under a temporary name, and a resumed run is
    /// that of one that nobody disturbed. HILUM_KILLS sets how many.
    @Test func aKilledRunShowsNothingAndResumes() throws {
        let scratch = try Scratch()
        let start = ContinuousClock.now
        _ = try anonymize(scratch, "\(scratch.path)/whole")
        let duration = (ContinuousClock.now - start) / .seconds(1)
        let expected = try tree("\(scratch.path)/whole")
        let kills = ProcessInfo.processInfo.environment["HILUM_KILLS"].flatMap { Int($0) } ?? 6
        var interrupted = 0
        for round in 0..<kills {
            let out = "\(scratch.path)/killed-\(round)"
            for resume in [[], ["--resume"]] {
                let process = try HilumCommand.start(
                    ["anonymize"] + Self.inputs + ["-o", out, "--key", try key(scratch)] + resume)
                usleep(UInt32(Double.random(in: 0...duration) * 1e6))
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                if process.terminationReason == .uncaughtSignal { interrupted += 1 }
                #expect(try leaks(out) == [])
            }
            #expect(try anonymize(scratch, out, ["--resume"]).status == 1)
            #expect(try tree(out) == expected, "round \(round)")
            try FileManager.default.removeItem(atPath: out)
        }
        #expect(interrupted > 0)
    }

    /// In the output it would be released, and among the inputs so would what it hides.
    @Test func theKeyLiesApart() throws {
        let scratch = try Scratch()
        let key = try Data(contentsOf: URL(filePath: key(scratch)))
        let yaml = "stages: [deidentify]\noutputs: { tensors: npy }\n"
        let pipeline = try scratch.write(Array(yaml.utf8), "deidentify.yaml")
        for folder in ["in", "out"] {
            try FileManager.default.createDirectory(
                atPath: "\(scratch.path)/\(folder)", withIntermediateDirectories: false)
        }
        let (mine, inner) = (try scratch.write(key, "in/key"), try scratch.write(key, "out/key"))
        for path in [mine, inner] { chmod(path, 0o600) }
        let (input, out) = ("\(scratch.path)/in", "\(scratch.path)/out")
        for command in [["anonymize"], ["run", pipeline]] {
            let inOut = try HilumCommand.run(
                command + ["fixtures/ct_small.dcm", "-o", out, "--resume", "--key", inner])
            #expect(inOut.status == 2 && inOut.errors.contains("lies in the output folder"), "\(inOut.errors)")
            let inInput = try HilumCommand.run(command + [input, "-o", "\(out)2", "--key", mine])
            #expect(inInput.status == 2 && inInput.errors.contains("lies in the input"), "\(inInput.errors)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: out) == ["key"])
    }

    @Test func nothingIsWrittenBeforeEverythingIsSure() throws {
        let scratch = try Scratch()
        let out = "\(scratch.path)/out"
        let key = try key(scratch)
        func refused(_ arguments: String..., words: String) throws {
            let result = try HilumCommand.run(["anonymize", "fixtures/ct_small.dcm"] + arguments)
            #expect(result.status == 2, "\(arguments)")
            #expect(result.errors.contains(words), "\(result.errors)")
            #expect(!FileManager.default.fileExists(atPath: out))
        }
        try refused("-o", out, words: "--key")
        try refused("-o", out, "--key", "\(scratch.path)/none", words: "hilum key new")
        let open = try scratch.write(Data(contentsOf: URL(filePath: key)), "open")
        chmod(open, 0o644)
        try refused("-o", out, "--key", open, words: "chmod 600")
        try refused("-o", "fixtures", "--key", key, words: "holds the input")
        try refused("-o", out, "--key", key, "--option", "keep-everything", words: "keep-everything")
        try refused(
            "-o", out, "--key", key, "--option", "retain-longitudinal-full-dates", "--option",
            "retain-longitudinal-modified-dates", words: "exclude each other")
        try refused("-o", out, "--key", key, "--layout", "{patient}", words: "{instance}")
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/full", withIntermediateDirectories: true)
        _ = try scratch.write([1], "full/something")
        try refused("-o", "\(scratch.path)/full", "--key", key, words: "not empty")
        let overlap = try HilumCommand.run("anonymize", "\(scratch.path)/full", "-o", scratch.path, "--key", key)
        #expect(overlap.status == 2 && overlap.errors.contains("holds the input"))
    }

    @Test func oneNumberWithTwoNamesIsRefusedAndTheRestComesOut() throws {
        let scratch = try Scratch()
        let original = try Fixtures.bytes("ct_small.dcm")
        // The same Patient ID in two files, and another person's name in the second.
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/in", withIntermediateDirectories: true)
        _ = try scratch.write(original, "in/a.dcm")
        var other = original
        let name = Array("CompressedSamples^CT1".utf8)
        let place = try #require(other.indices.first { other[$0...].starts(with: name) })
        other.replaceSubrange(place..<place + name.count, with: Array("SomebodyEntirely^Else".utf8))
        _ = try scratch.write(other, "in/b.dcm")
        let mr = try Fixtures.bytes("mr_small.dcm")
        _ = try scratch.write(mr, "in/c.dcm")
        let out = "\(scratch.path)/out"
        let result = try HilumCommand.run("anonymize", "\(scratch.path)/in", "-o", out, "--key", try key(scratch))
        #expect(result.status == 1)
        let lines = try manifest(out).values
        #expect(lines.count { ($0["error"] as? [String: Any])?["code"] as? String == "ambiguous-patient" } == 2)
        #expect(lines.count { $0["status"] as? String == "ok" } == 1)
    }
}

/// The stage `deidentify` in a pipeline: nothing that `run` writes tells where an item came from.
@Suite struct DeidentifiedRunTests {
    private static let pipeline = """
        stages:
          - deidentify: { profile: basic, options: [clean-pixel-data] }
          - rescale
          - normalize
          - resize: { size: [64, 64], keepAspect: true }
        outputs: { tensors: npy, images: png }
        """

    @Test func outputsNameNobody() throws {
        let scratch = try Scratch()
        let folder = "\(scratch.path)/Jane Doe/19800101"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in ["ct_small.dcm", "mr_truncated.dcm", "gray8.png", "anatomical.nii", "README.md"] {
            try FileManager.default.copyItem(atPath: Fixtures.path(name), toPath: "\(folder)/Doe-\(name)")
        }
        let file = try scratch.write(Self.pipeline.utf8, "p.yaml")
        let (key, out) = ("\(scratch.path)/key", "\(scratch.path)/out")
        #expect(try HilumCommand.run("key", "new", key).status == 0)
        let input = "\(scratch.path)/Jane Doe"
        let refused = try HilumCommand.run("run", file, input, "-o", out)
        #expect(refused.status == 2 && refused.errors.contains("--key"))
        #expect(!FileManager.default.fileExists(atPath: out))
        let result = try HilumCommand.run("run", file, input, "-o", out, "--key", key)
        #expect(result.status == 1)
        let uid = try PartTenFile(path: Fixtures.path("ct_small.dcm")).dataSet.text(DataSets.Tag(0x0008, 0x0018))
        var written = try tree(out)
        written["errors"] = Data(result.errors.utf8)
        for (name, data) in written {
            for secret in ["Doe", "Jane", "19800101", "anatomical", "gray8", uid] {
                #expect(!name.contains(secret) && data.range(of: Data(secret.utf8)) == nil, "\(secret) in \(name)")
            }
        }
        let again = "\(scratch.path)/again"
        _ = try HilumCommand.run("run", file, input, "-o", again, "--key", key, "--workers", "1")
        #expect(try tree(again) == tree(out))
    }

    @Test func aKeyWithoutUseIsAMistake() throws {
        let scratch = try Scratch()
        let key = "\(scratch.path)/key"
        _ = try HilumCommand.run("key", "new", key)
        let result = try HilumCommand.run(
            "run", "pipelines/mri-tensors.yaml", "fixtures/anatomical.nii", "-o", "\(scratch.path)/o", "--key", key)
        #expect(result.status == 2 && result.errors.contains("deidentify"))
    }
}
