import Foundation
import TestSupport
import Testing

@Suite struct BadInputTests {
    /// Everything that has gone wrong in somebody's folder, and two good images among it.
    private func oddFolder() throws -> Scratch {
        let scratch = try Scratch()
        let files = FileManager.default
        func copy(_ fixture: String, _ name: String) throws {
            try files.copyItem(atPath: Fixtures.path(fixture), toPath: "\(scratch.path)/\(name)")
        }
        try files.createDirectory(atPath: "\(scratch.path)/Köpfe und 脳", withIntermediateDirectories: true)
        try copy("ct_small.dcm", "good one.dcm")
        try copy("cr_monochrome1.dcm", "Köpfe und 脳/größe µ.dcm")
        let whole = try Fixtures.bytes("us_rgb.dcm")
        _ = try scratch.write(whole.prefix(whole.count / 2), "truncated.dcm")
        try copy("DICOMDIR", "DICOMDIR")
        _ = try scratch.write(Array("this is a text\n".utf8), "text.dcm")
        _ = try scratch.write([UInt8](), "empty.dcm")
        _ = try scratch.write(Array("notes".utf8), "notes.txt")
        let nifti = try Fixtures.bytes("anatomical.nii")
        _ = try scratch.write(nifti.prefix(nifti.count / 2), "half.nii")
        let gzip = try Fixtures.bytes("nifti2.nii.gz")
        _ = try scratch.write(gzip.prefix(gzip.count / 2), "half.nii.gz")
        try files.createSymbolicLink(atPath: "\(scratch.path)/loop", withDestinationPath: "loop")
        try files.createSymbolicLink(atPath: "\(scratch.path)/Köpfe und 脳/up", withDestinationPath: "..")
        try files.createSymbolicLink(atPath: "\(scratch.path)/nowhere.dcm", withDestinationPath: "/nowhere/at/all")
        mkfifo("\(scratch.path)/pipe.dcm", 0o600)
        // Root reads everything, so that there the mode means nothing and the file is simply good.
        try copy("mr_small.dcm", "unreadable.dcm")
        try files.setAttributes([.posixPermissions: 0], ofItemAtPath: "\(scratch.path)/unreadable.dcm")
        return scratch
    }

    /// A spacing of 1e30 mm is damage, and no reason to end the listing of all the others.
    @Test func anImpossibleSpacingIsListedAsRefused() throws {
        let scratch = try Scratch()
        var bytes = try Fixtures.bytes("anatomical.nii")
        _ = try scratch.write(bytes, "whole.nii")
        // pixdim[1], and no form that says otherwise.
        bytes.replaceSubrange(80..<84, with: [0x71, 0x49, 0xF2, 0xCA])
        bytes.replaceSubrange(252..<256, with: [0, 0, 0, 0])
        _ = try scratch.write(bytes, "huge.nii")
        let result = try HilumCommand.run("inspect", scratch.path)
        #expect(result.status == 1, "\(result.output)\(result.errors)")
        #expect(result.output.contains("a kilometre apart") && result.output.contains("33 x 41 x 25"))
    }

    @Test func eachBadFileGetsItsLineAndTheRestCompletes() throws {
        let (folder, out) = (try oddFolder(), try Scratch())
        let before = try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
        let result = try HilumCommand.run(
            "run", "pipelines/mri-tensors.yaml", folder.path, "-o", "\(out.path)/o", "--set", "input.modality=[]")
        #expect(result.status == 1)
        let lines = try manifest("\(out.path)/o")
        func code(_ item: String) -> String? { (lines[item]?["error"] as? [String: Any])?["code"] as? String }
        func status(_ item: String) -> String? { lines[item]?["status"] as? String }

        for good in ["good one", "Köpfe und 脳/größe µ"] {
            #expect(status(good) == "ok", "\(good): \(lines[good] ?? [:])")
            for path in lines[good]?["outputs"] as? [String] ?? [] {
                #expect(FileManager.default.fileExists(atPath: "\(out.path)/o/\(path)"))
            }
        }
        let failures = [
            "truncated": "truncated", "text": "not-an-image", "empty.dcm": "empty-file", "loop": "symbolic-link-loop",
            "nowhere.dcm": "not-found",
        ]
        for (item, expected) in failures {
            #expect(status(item) == "failed")
            #expect(code(item) == expected)
        }
        #expect(status("half.nii") == "failed" && status("half.nii.gz") == "failed")
        let skips = [
            "DICOMDIR": "dicomdir", "notes.txt": "other-file", "pipe.dcm": "not-a-file",
            "Köpfe und 脳/up": "already-visited",
        ]
        for (item, expected) in skips {
            #expect(status(item) == "skipped")
            #expect(code(item) == expected)
        }
        if geteuid() != 0 { #expect(code("unreadable") == "permission-denied") }
        #expect(lines.count == 14)
        // The reason is on the screen too, and the input is as it was.
        #expect(result.errors.contains("text.dcm"))
        #expect(try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() == before)
        #expect(try tree("\(out.path)/o").keys.allSatisfy { !$0.contains("hilum-partial") })
    }

    @Test func aPipelineWithFiveMistakesGetsFiveMessagesAndWritesNothing() throws {
        let scratch = try Scratch()
        let pipeline = try scratch.write(
            Array(
                """
                name: five
                input: { formats: [dicm] }
                stages:
                  - recsale
                  - window: { preset: lungs }
                  - resize: { size: [512] }
                  - detect
                outputs: { tensors: npx }
                """.utf8), "five.yaml")
        for command in [["validate", pipeline], ["run", pipeline, "fixtures", "-o", "\(scratch.path)/o"]] {
            let result = try HilumCommand.run(command)
            #expect(result.status == 2)
            for place in [":2:20: ", ":4:5: ", ":5:23: ", ":6:21: ", ":8:21: "] {
                #expect(result.errors.contains(place))
            }
            #expect(result.errors.contains("5 mistakes; nothing was written"))
            #expect(result.errors.contains("did you mean 'rescale'"))
            #expect(result.errors.contains("did you mean 'lung'"))
        }
        #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/o"))
    }

    @Test(arguments: [
        ["run", "ct-tensors", "fixtures/ct-series"], ["run", "nowhere.yaml", "fixtures", "-o", "x"],
        ["run", "ct-tensors", "nowhere", "-o", "x"], ["run", "ct-tensors", "fixtures/ct-series", "-o", "fixtures"],
        ["run", "ct-tensors", "fixtures", "-o", "x", "--shard", "3/2"],
        ["run", "ct-tensors", "fixtures", "-o", "x", "--set", "nonsense"], ["stages", "windw"], ["frobnicate"],
        ["run", "ct-tensors", "fixtures", "-o", "x", "--workers", "0"],
    ])
    func wrongCallsEndWithTwo(arguments: [String]) throws {
        let result = try HilumCommand.run(arguments)
        #expect(result.status == 2)
        #expect(!result.errors.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: "\(Fixtures.root)/x"))
    }

    @Test func aFullDiskFailsClearlyAndLeavesNothingHalfWritten() throws {
        let scratch = try Scratch()
        let disk = "\(scratch.path)/disk"
        // A namespace of its own lets the test mount a small disk without being able to harm anything.
        let script = """
            mkdir -p '\(disk)' && mount -t tmpfs -o size=200k none '\(disk)' || exit 77
            '\(HilumCommand.path)' run pipelines/mri-tensors.yaml fixtures/anatomical.nii fixtures/nifti2.nii.gz \
                fixtures/mr_small.dcm fixtures/ct-series --set 'input.modality=[]' --set outputs.tensors=npy \
                --set 'stages.resample.spacing=[0.5, 0.5, 0.5]' -o '\(disk)/o' 2>'\(scratch.path)/err'
            echo $? >'\(scratch.path)/status'
            find '\(disk)' -type f >'\(scratch.path)/files'
            cp '\(disk)/o/manifest.jsonl' '\(scratch.path)/manifest.jsonl' || true
            """
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/unshare")
        process.arguments = (geteuid() == 0 ? ["-m"] : ["-Urm"]) + ["sh", "-c", script]
        process.currentDirectoryURL = URL(filePath: Fixtures.root)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        // Where the kernel gives nobody a namespace, there is no small disk to fill.
        if process.terminationStatus == 77 || process.terminationStatus == 1 { return }
        func read(_ name: String) throws -> String {
            try String(contentsOfFile: "\(scratch.path)/\(name)", encoding: .utf8)
        }
        #expect(try read("status") == "1\n")
        #expect(try read("err").contains("No space left on device"))
        let files = try read("files").split(separator: "\n")
        #expect(files.allSatisfy { !$0.contains("hilum-partial") })
        // Nothing stands there that no line names: a failed item leaves none of its files.
        let named = try manifest(scratch.path).values.flatMap { $0["outputs"] as? [String] ?? [] }
        for file in files where !file.hasSuffix("/manifest.jsonl") && !file.hasSuffix("/run.json") {
            #expect(named.contains { file.hasSuffix("/o/\($0)") }, "\(file)")
        }
        for (item, line) in try manifest(scratch.path) where line["status"] as? String == "ok" {
            for output in line["outputs"] as? [String] ?? [] {
                #expect(files.contains { $0.hasSuffix("/o/\(output)") }, "\(item)")
            }
        }
    }

    /// An explanation is of the image that was looked at, or there is none.
    @Test func aChangedImageIsNotExplained() throws {
        let scratch = try Scratch()
        let yaml = """
            stages:
              - normalize: { method: percentile }
              - detect
              - equalize
              - explain
            outputs: { findings: json }
            """
        let pipeline = try scratch.write(Array(yaml.utf8), "late.yaml")
        let out = "\(scratch.path)/out"
        let result = try HilumCommand.run("run", pipeline, "fixtures/gray8.png", "-o", out)
        #expect(result.status == 1)
        let error = try #require(try manifest(out).values.first?["error"] as? [String: Any])
        #expect(error["stage"] as? String == "explain")
        #expect((error["message"] as? String)?.contains("put explain behind detect") == true)
    }

    @Test func aNameThatIsNoUTF8IsSaidToBeThat() throws {
        let scratch = try Scratch()
        let bytes = try Fixtures.bytes("gray8.png")
        var path = Array("\(scratch.path)/M".utf8CString.dropLast())
        path += [CChar(bitPattern: 0xFC)] + Array("ller.png".utf8CString)
        let descriptor = open(path, O_WRONLY | O_CREAT, 0o644)
        #expect(descriptor >= 0 && write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
        let out = try Scratch()
        let result = try HilumCommand.run("convert", scratch.path, "-o", "\(out.path)/o")
        #expect(result.status == 1)
        let error = try #require(try manifest("\(out.path)/o").values.first?["error"] as? [String: Any])
        #expect(error["code"] as? String == "name-not-utf8")
    }

    /// What did not reach the disk is no success; a reader that has seen enough is.
    @Test func aFullStandardOutputIsTold() throws {
        func status(_ target: String) throws -> Int32 {
            let process = Process()
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", "\"$0\" stages --schema > \(target)", HilumCommand.path]
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            return process.terminationStatus
        }
        #expect(try status("/dev/full") == 1 && status("/dev/null") == 0)
    }

    /// Escape sequences in names of files, and in values of headers, do not reach the terminal.
    @Test func controlCharactersAreSpelledOut() throws {
        let scratch = try Scratch()
        for name in ["a\u{1B}[31mred.png", "b\u{1B}]0;title\u{07}\u{9B}2J.txt"] {
            try FileManager.default.copyItem(atPath: Fixtures.path("gray8.png"), toPath: "\(scratch.path)/\(name)")
            try Data("no image".utf8).write(to: URL(filePath: "\(scratch.path)/broken-\(name).nii"))
        }
        let listing = try HilumCommand.run("inspect", scratch.path).output
        let dry = try HilumCommand.run("run", "xray-tensors", scratch.path, "-o", "\(scratch.path)/o", "--dry-run")
            .output
        let out = try Scratch()
        let failures = try HilumCommand.run("convert", scratch.path, "-o", "\(out.path)/o").errors
        for text in [listing, dry, failures] {
            #expect(!text.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
            #expect(text.contains("\\x1B[31mred") && text.contains("\\x07\\x9B2J"), "\(text)")
        }
    }

    /// An option and `--set` that say the same thing contradict each other, or are said twice.
    @Test(arguments: [
        ["detect", "--threshold", "0.3", "--set", "stages.detect.threshold=0.9"],
        ["detect", "--threshold", "0.3", "--set", "stages.detect={}"],
        ["explain", "--method", "relevance", "--set", "stages.explain.method=grad-cam"],
        ["explain", "--model", "brain-mri-tumour", "--set", "stages.2.detect.model=other"],
        ["explain", "--layer", "pyramid", "--set", "stages.explain.layer=final-norm"],
    ])
    func anOptionAndSetContradict(_ arguments: [String]) throws {
        let out = try Scratch()
        let result = try HilumCommand.run(
            [arguments[0], "fixtures/gray8.png", "-o", "\(out.path)/o"] + arguments.dropFirst())
        #expect(result.status == 2 && result.errors.contains("set the same value"), "\(result.errors)")
        #expect(!FileManager.default.fileExists(atPath: "\(out.path)/o"))
    }

    /// An option's default is no contradiction.
    @Test func setMayChangeWhatNoOptionChooses() throws {
        let out = try Scratch()
        let result = try HilumCommand.run(
            "explain", "fixtures/gray8.png", "-o", "\(out.path)/o", "--dry-run", "--layer", "final-norm", "--set",
            "stages.explain.method=grad-cam", "--set", "stages.detect.threshold=0.2")
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func wrongModelsAndSeedsAreNamed() throws {
        let out = try Scratch()
        let missing = try HilumCommand.run("detect", "fixtures/gray8.png", "-o", "\(out.path)/a", "--model", "mymodel")
        #expect(missing.status == 2 && missing.errors.contains("there is no model 'mymodel'"))
        let seed = try HilumCommand.run(
            "detect", "fixtures/gray8.png", "-o", "\(out.path)/b", "--seed", "\(UInt64.max)")
        #expect(seed.status == 2 && seed.errors.contains("--seed"))
    }
}
