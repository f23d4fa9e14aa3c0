import BurnedInText
import Cryptography
import DataSets
import Deidentification
import Files
import Foundation
import Glibc
import Parallel
import Pipelines
import TestSupport
import Testing

@testable import Stages

/// `hilum anonymize` over DICOM files as they are beside others.
@Suite(.serialized) struct AnonymizationRunTests {
    private let world: AnonymizationWorld

    init() throws { world = try AnonymizationWorld() }

    /// A study is of one patient: with several pseudonyms its dates would move by several offsets.
    @Test func filesOfOneStudyWithTwoPatientIDsAreRefused() async throws {
        try world.put("a.dcm", ["patient": "PID-4711", "instance": "1.2.3.1"])
        try world.put("b.dcm", ["patient": "PID-4712", "instance": "1.2.3.2"])
        try world.put("c.dcm", ["patient": "", "instance": "1.2.3.3"])
        try world.put("d.dcm", ["patient": "PID-4711", "study": "1.2.9", "instance": "1.2.3.4"])
        let entries = try await world.run()
        #expect(entries.count { $0.error?.code == "ambiguous-patient" } == 3)
        #expect(entries.count { $0.status == .ok } == 1)
    }

    @Test func aFileWithoutPatientIDIsOfThePatientOfItsStudy() async throws {
        try world.put("a.dcm", ["patient": "PID-4711", "instance": "1.2.3.1"])
        try world.put("b.dcm", ["patient": "pid-4711 ", "instance": "1.2.3.2"])
        try world.put("c.dcm", ["patient": "", "instance": "1.2.3.3"])
        let entries = try await world.run([.retainModifiedDates])
        let files = try entries.flatMap(\.outputs).map { try PartTenFile(path: "\(world.out)/\($0)").dataSet }
        #expect(files.count == 3)
        #expect(Set(files.map { $0.text(Tag(0x0010, 0x0020)) }).count == 1)
        #expect(Set(files.map { $0.text(Tag(0x0008, 0x0020)) }).count == 1)
        #expect(try world.problems(against: true) == [])
    }

    /// By a rule that asks for more than the ID, what the file says itself counts.
    @Test func aFileOfAnotherBirthDateIsNotOfThePatientOfItsStudy() throws {
        func identity(_ id: String, _ birthDate: String) -> PatientIdentity {
            var identity = PatientIdentity()
            (identity.id, identity.birthDate, identity.studyInstanceUID) = (id, birthDate, "1.2.3")
            return identity
        }
        let known = identity("PID-4711", "19340521")
        let studies = StudyPatients([known, identity("", "")], rule: .idAndBirthDate, key: world.key)
        #expect(studies.completed(identity("", "")) == known)
        let other = try #require(studies.completed(identity("", "19500101")))
        #expect(StudyPatients([known, other], rule: .idAndBirthDate, key: world.key).ambiguity(known) != nil)
    }

    /// Whose a file is was found out before: another that lies there by now would get the first one's names and dates.
    @Test func aFileThatIsExchangedAfterTheSurveyIsRefused() throws {
        try world.put("a.dcm", ["patient": "PID-4711"])
        let unit = try #require(world.make().survey.units().first)
        guard case .process(let input) = unit.verdict else { throw FileError("read", "a.dcm", .notRegular) }
        try world.put("b.dcm", ["patient": "PID-4712"])
        try input.file.checkIsUnchanged()
        #expect(rename("\(world.input)/b.dcm", "\(world.input)/a.dcm") == 0)
        let readings: [() throws -> Void] = [
            { _ = try input.file.source() }, { _ = try input.file.digest() }, { try input.file.checkIsUnchanged() },
        ]
        for reading in readings {
            #expect { try reading() } throws: { ($0 as? FileError)?.code == "file-changed" }
        }
        let failure = try world.make().failure(FileError("read", "", .changed), of: unit)
        #expect(failure.code == "file-changed" && failure.stage == "read")
    }

    /// A report speaks of one policy: another is taken up only where everything is made anew, also after a run that was
    /// broken off between the two.
    @Test func policiesDoNotMixInOneTree() async throws {
        try world.put("a.dcm", ["birth": "19340521", "instance": "1.2.3.1"])
        _ = try await world.run()
        #expect(try world.make([.retainUIDs], resume: true).obstacle == nil)
        #expect(try world.make(resume: true, patientRule: .idAndBirthDate).obstacle?.contains("1 of them") == true)
        try FileManager.default.removeItem(atPath: "\(world.input)/a.dcm")
        try world.put("b.dcm", ["instance": "1.2.3.2"])
        let obstacle = try world.make([.retainUIDs], resume: true).obstacle
        #expect(obstacle?.contains("without option retain-uids, and 1 of them would stay") == true)
        #expect(try world.make(resume: true).obstacle == nil)
        let files = RunFiles(world.out, .whole)
        var broken = try #require(files.readRun())
        broken.set("policy", .null)
        try AtomicFile.write(files.path(files.run), text: broken.text())
        #expect(try world.make(resume: true).obstacle?.contains("several policies") == true)
    }

    /// What is held, and files about the whole run, have these names.
    @Test(arguments: ["held/{instance}", "refused/{patient}/{instance}", "run.json/{instance}", "Run.{instance}"])
    func resultsAreNotCalledWhatTheRunCallsItsOwn(_ template: String) {
        #expect(OutputLayout(template) == nil)
        #expect(OutputLayout("new-\(template)") != nil)
    }

    /// One patient would have two names and two date offsets.
    @Test(arguments: ["1.2.3", "1.2.9"]) func whatTheRuleAsksForMayNotBeMissing(_ study: String) async throws {
        try world.put("a.dcm", ["patient": "PID-4711", "birth": "19340521", "study": "1.2.3", "instance": "1.2.3.1"])
        try world.put("b.dcm", ["patient": "PID-4711", "study": study, "instance": "1.2.3.2"])
        try world.put("c.dcm", ["patient": "PID-4712", "study": "1.2.5", "instance": "1.2.3.3"])
        let entries = try await world.run(patientRule: .idAndBirthDate)
        let errors = entries.compactMap(\.error)
        #expect(errors.count == (study == "1.2.3" ? 2 : 1))
        #expect(
            errors.allSatisfy { $0.code == "ambiguous-patient" && $0.message.contains("the birth date is missing") })
    }
}

/// `hilum verify` over trees to which something was done.
@Suite(.serialized) struct VerificationRunTests {
    private let world: AnonymizationWorld

    init() throws { world = try AnonymizationWorld() }

    private func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(world.out)/\(name)"))
    }

    private func read(_ name: String) throws -> String {
        try String(contentsOf: URL(filePath: "\(world.out)/\(name)"), encoding: .utf8)
    }

    @Test func nothingElseMayLieThere() async throws {
        try world.put("a.dcm", ["patient": "PID-4711"])
        _ = try await world.run()
        #expect(try world.problems() == [])
        let strays = [
            "run.dcm", "deidentification.dcm", "manifest.1-of-2.jsonl.bak", "run.json.txt", "manifest.jsonl~",
        ]
        for stray in strays { try write("", stray) }
        for folder in ["Doe^Jane", "held/Doe^Jane", "run.d"] {
            try FileManager.default.createDirectory(atPath: "\(world.out)/\(folder)", withIntermediateDirectories: true)
        }
        try FileManager.default.createSymbolicLink(atPath: "\(world.out)/link", withDestinationPath: world.input)
        let found = try world.problems().map { $0.prefix { $0 != ":" } }
        #expect(Set(found) == Set((strays + ["Doe^Jane", "held/Doe^Jane", "run.d", "link"]).map { $0[...] }))
    }

    /// A link to the tree is the tree.
    @Test func namesThatAreNoTextAreSeen() async throws {
        try world.put("a.dcm", ["patient": "PID-4711"])
        _ = try await world.run()
        for name in [[0x62, 0xFF], [0x62, 0xFE, 0x0A]] as [[UInt8]] {
            let path = Array("\(world.out)/".utf8) + name
            #expect((path + [0]).withUnsafeBytes { mkdir($0.bindMemory(to: CChar.self).baseAddress!, 0o777) } == 0)
            let file = path + Array("/x".utf8) + [0]
            close(file.withUnsafeBytes { creat($0.bindMemory(to: CChar.self).baseAddress!, 0o666) })
        }
        let strays = ["b\\xfe\\xa", "b\\xff"].map { "\($0): has a name that is not UTF-8, as no result has" }
        #expect(try world.problems() == strays)
        let link = world.input + "-link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: world.out)
        let run = VerificationRun(output: link, originals: [], key: world.key, workers: 2)
        let found = try run.run()
        #expect(found.files == 1 && found.problems.map { "\($0.file): \($0.message)" } == strays)
    }

    /// U+212A, the sign for kelvin, is in Unicode's eyes the letter K.
    @Test func namesAreTheirBytes() async throws {
        try world.put("a.dcm", ["patient": "PID-4711"])
        var entry = try #require(try await world.run().first)
        let files = FileManager.default
        // Keyed names are others in each test: this one has a K.
        try files.moveItem(atPath: "\(world.out)/\(entry.outputs[0])", toPath: "\(world.out)/K")
        try files.removeItem(atPath: "\(world.out)/\(entry.outputs[0].pathParts()[0])")
        try files.removeItem(atPath: "\(world.out)/run.json")
        (entry.item, entry.outputs) = ("K", ["K"])
        let report = AuditReport(
            program: "Hilum test", policy: try Policy(), layout: OutputLayout.standard.template, textRules: "",
            key: world.key,
            shard: .whole, entries: [entry], workers: .single)
        try AtomicFile.publish(report.prepare(at: "\(world.out)/deidentification.json"), in: world.out)
        let line = entry.json.text() + "\n"
        try write(line, "manifest.jsonl")
        #expect(try world.problems() == [])
        let stray = "\u{212A}: is not one of the files that the report speaks of"
        try files.copyItem(atPath: "\(world.out)/K", toPath: "\(world.out)/\u{212A}")
        #expect(try world.problems().map { $0.utf8.elementsEqual(stray.utf8) } == [true])
        try files.removeItem(atPath: "\(world.out)/K")
        #expect(try world.problems().contains { $0.utf8.elementsEqual("K: is missing".utf8) })
        try files.moveItem(atPath: "\(world.out)/\u{212A}", toPath: "\(world.out)/K")
        try write(line.replacing("\"outputs\":[\"K\"", with: "\"outputs\":[\"\u{212A}\""), "manifest.jsonl")
        #expect(try world.problems().map { $0.hasPrefix("manifest.jsonl: ") } == [true])
    }

    /// Folders of results that did not come about are none of a stranger's.
    @Test func foldersOfRefusedFilesMayStay() async throws {
        try world.put("a.dcm", ["patient": "PID-4711"])
        let item = try #require(try await world.run().first?.item)
        let folder = "held/" + item.split(separator: "/").dropLast().joined(separator: "/")
        try FileManager.default.createDirectory(atPath: "\(world.out)/\(folder)", withIntermediateDirectories: true)
        #expect(try world.problems() == [])
    }

    /// What is said of the whole run is not taken on trust.
    @Test(arguments: [
        ("deidentification.json", "\"released\": 2", "\"released\": 1"),
        ("deidentification.json", "\"k\": 5", "\"k\": 1"),
        ("deidentification.json", "\n}\n", ",\n  \"by\": \"Doe^Jane\"\n}\n"),
        ("deidentification.json", "\"item\":", "\"by\":\"Doe^Jane\",\"item\":"),
        ("deidentification.json", "\"table\":", "\"by\": \"Doe^Jane\", \"table\":"),
        ("deidentification.html", "</body>", "Doe^Jane</body>"),
        ("manifest.jsonl", "{\"item\"", "{\"by\":\"Doe^Jane\",\"item\""),
        ("manifest.jsonl", "\"inputs\":[\"", "\"inputs\":[\"Doe^Jane/"),
        ("manifest.jsonl", "\"code\":\"deidentification\"", "\"code\":\"doe-jane\""),
        ("manifest.jsonl", "\"stage\":\"read\"", "\"stage\":\"doe-jane\""),
        ("manifest.jsonl", "\"key\":\"", "\"key\":\"doe-jane"),
        ("run.json", "\"name\": \"hilum\"", "\"name\": \"Doe^Jane\""),
        ("run.json", "\"workers\": 2", "\"workers\": \"Doe^Jane\""),
        ("manifest.jsonl", "\",\"details\"", "0\",\"details\""),
        ("run.json", "\"workers\": 2", "\"workers\": 19801103"),
        ("run.json", "\"seconds\": ", "\"seconds\": 19801103"),
        ("run.json", "\"ok\": 2", "\"ok\": 3"),
        ("run.json", "\"failed\": 0", "\"failed\": 17"),
        ("run.json", "\"skipped\": 1", "\"skipped\": 0"),
        ("run.json", "\"reused\": 0", "\"reused\": 4711"),
        ("run.json", "\"unclaimed\": 0", "\"unclaimed\": 4711"),
    ]) func aChangeToARecordShows(_ name: String, _ text: String, _ other: String) async throws {
        try world.put("a.dcm", ["patient": "PID-4711"])
        // Released with a warning.
        try FileManager.default.copyItem(
            atPath: Fixtures.path("cr_monochrome1.dcm"), toPath: "\(world.input)/b.dcm")
        try Data("no image".utf8).write(to: URL(filePath: "\(world.input)/notes"))
        _ = try await world.run()
        let whole = try read(name)
        let changed = whole.replacing(text, with: other, maxReplacements: 1)
        #expect(changed != whole)
        try write(changed, name)
        let problems = try world.problems()
        #expect(problems.contains { $0.hasPrefix("\(name): ") }, "\(problems)")
    }

    @Test func keyedNamesHaveTheirForm() async throws {
        try world.put("a.dcm", ["patient": "PID-4711"])
        try Data("no image".utf8).write(to: URL(filePath: "\(world.input)/notes"))
        let entries = try await world.run()
        let left = try #require(entries.firstIndex { $0.status == .skipped })
        let name = "MUELLERHANSAAAAA"
        for (index, inputs) in [(1 - left, ["MUELLERHANS19800"]), (1 - left, [name, name]), (left, [name])] {
            var changed = entries
            changed[index].inputs = inputs
            try write(changed.map { $0.json.text() + "\n" }.joined(), "manifest.jsonl")
            #expect(try world.problems().map { $0.hasPrefix("manifest.jsonl: ") } == [true])
        }
        try write(entries.map { $0.json.text() + "\n" }.joined(), "manifest.jsonl")
        #expect(try world.problems() == [])
    }

    /// Swift mends names that are not UTF-8, these to one.
    @Test func filesThatCannotBeOpenedAreCountedEach() async throws {
        for byte in [0xFE, 0xFF] as [UInt8] {
            let path = Array("\(world.input)/b".utf8) + [byte, 0]
            close(path.withUnsafeBytes { creat($0.bindMemory(to: CChar.self).baseAddress!, 0o666) })
        }
        #expect(try await world.run().map(\.error?.code) == ["name-not-utf8", "name-not-utf8"])
        #expect(try world.problems(against: true) == [])
    }

    /// A tree of fewer inputs, or an older one, passes for that of all only where nobody compares.
    @Test func originalsOfWhichTheReportDoesNotSpeakAreNamed() async throws {
        try world.put("a.dcm", ["patient": "PID-4711", "study": "1.2.1", "instance": "1.2.3.1"])
        _ = try await world.run()
        try Data("no image".utf8).write(to: URL(filePath: "\(world.input)/.DS_Store"))
        #expect(try world.problems(against: true) == [])
        try world.put("b.dcm", ["patient": "PID-4712", "study": "1.2.2", "instance": "1.2.3.2"])
        try Data("DICM".utf8).write(to: URL(filePath: "\(world.input)/c.dcm"))
        #expect(try world.problems() == [])
        let problems = try world.problems(against: true)
        #expect(problems.count == 2 && problems.allSatisfy { $0.contains("is no item of the report") })
    }

    @Test func aReportThatNamesAPatientIsALeak() async throws {
        try world.put("a.dcm", ["patient": "PID-4711-99"])
        let entries = try await world.run()
        #expect(try world.problems(against: true) == [])
        var entry = try #require(entries.first)
        entry.details?.set("modality", "pid-4711-99")
        let report = AuditReport(
            program: "Hilum test", policy: try Policy(), layout: OutputLayout.standard.template, textRules: "",
            key: world.key,
            shard: .whole, entries: [entry], workers: .single)
        try AtomicFile.publish(report.prepare(at: "\(world.out)/deidentification.json"), in: world.out)
        let leak = "deidentification.json: original values of (0010,0020) were found in the output"
        #expect(try world.problems(against: true).contains(leak))
    }

    @Test func shardsAndResumedRunsAreWhole() async throws {
        for index in 1...6 {
            try world.put(
                "\(index).dcm", ["patient": "PID-\(index)", "study": "1.2.\(index)", "instance": "1.2.3.\(index)"])
        }
        for index in [1, 2, 1] { _ = try await world.run(shard: Shard("\(index)/2")!, resume: true) }
        #expect(try world.problems(against: true) == [])
    }

    /// A shard that went with all its files would leave a release that looks whole.
    @Test func missingPartsAreNoticed() async throws {
        for index in 1...6 {
            try world.put(
                "\(index).dcm", ["patient": "PID-\(index)", "study": "1.2.\(index)", "instance": "1.2.3.\(index)"])
        }
        _ = try await world.run(shard: Shard("1/2")!)
        let gone = try await world.run(shard: Shard("2/2")!, resume: true)
        for name in gone.flatMap(\.outputs) + RunFiles(world.out, Shard("2/2")!).names {
            try FileManager.default.removeItem(atPath: "\(world.out)/\(name)")
        }
        #expect(try world.problems().contains { $0.contains("deidentification.2-of-2.json: is missing: shard 2/2") })
        // Nor is the one that is left the whole under another name.
        let (part, whole) = (RunFiles(world.out, Shard("1/2")!), RunFiles(world.out, .whole))
        for (old, new) in zip(part.names, whole.names) {
            try FileManager.default.moveItem(atPath: part.path(old), toPath: whole.path(new))
        }
        #expect(try world.problems().contains { $0.contains("the report of another part of the release") })
    }

    /// Guesses of what was removed from a small file could be compared with a digest that needs no key.
    @Test func aContentKeyIsNoDigestOfOriginalsToGuessBy() async throws {
        try world.put("a.dcm", ["patient": "PID-4711"])
        let key = try #require(try await world.run().first?.key)
        let guess = Digest.of("\(try world.make().digest)\n\(try InputDigest.of(file: "\(world.input)/a.dcm"))")
        #expect(!key.hasPrefix(guess) && key.prefix { $0 != "-" }.count == 64)
    }

    @Test func aTreeHasOneKey() async throws {
        try world.put("a.dcm", ["patient": "PID-4711"])
        let scratch = try Scratch()
        try ProjectKey.create(path: scratch.path + "/key")
        let other = try ProjectKey(path: scratch.path + "/key")
        #expect(try world.make().obstacle == nil)
        _ = try await world.run()
        #expect(try world.make(resume: true).obstacle == nil)
        #expect(try world.make(resume: true, key: other).obstacle?.contains("another key") == true)
        #expect(try world.make(shard: Shard("1/2")!, resume: true, key: other).obstacle != nil)
    }

    @Test func resultsOfFilesThatAreGoneAreTold() async throws {
        try world.put("a.dcm", ["patient": "PID-4711", "study": "1.2.1", "instance": "1.2.3.1"])
        try world.put("b.dcm", ["patient": "PID-4712", "study": "1.2.2", "instance": "1.2.3.2"])
        _ = try await world.run()
        try FileManager.default.removeItem(atPath: "\(world.input)/b.dcm")
        let summary = try await world.make(resume: true).run(progress: RunProgress(style: .quiet))
        #expect(summary.unclaimed == 1 && summary.counts.reused == 1)
        #expect(try world.problems() == [])
    }
}

/// A folder of small DICOM files, and what becomes of it.
struct AnonymizationWorld {
    private let scratch: Scratch
    let key: ProjectKey
    var input: String { scratch.path + "/input" }
    var out: String { scratch.path + "/out" }

    init() throws {
        scratch = try Scratch()
        try ProjectKey.create(path: scratch.path + "/key")
        key = try ProjectKey(path: scratch.path + "/key")
        try FileManager.default.createDirectory(atPath: scratch.path + "/input", withIntermediateDirectories: true)
    }

    /// A small CT image, with other values for some of `patient`, `birth`, `study` and `instance`, and other changes.
    func put(_ name: String, _ values: [String: String], change: (inout DataSet) -> Void = { _ in }) throws {
        let original = try PartTenFile(path: Fixtures.path("ct_small.dcm"))
        var dataSet = original.dataSet
        for (place, value) in values {
            switch place {
            case "patient": dataSet.set(DataElement(Tag(0x0010, 0x0020), .LO, text: value))
            case "birth": dataSet.set(DataElement(Tag(0x0010, 0x0030), .DA, text: value))
            case "study": dataSet.set(DataElement(Tag(0x0020, 0x000D), .UI, text: value))
            default: dataSet.set(DataElement(Tag(0x0008, 0x0018), .UI, text: value))
            }
        }
        change(&dataSet)
        let plan = try PartTenWriter.encode(
            meta: DataSet(original.meta.elements.filter { !$0.tag.isGroupLength }), dataSet, original.encoding,
            from: original.source)
        var bytes: [UInt8] = []
        try plan.forEachPart(from: original.source) { bytes.append(contentsOf: $0) }
        try Data(bytes).write(to: URL(filePath: "\(input)/\(name)"))
    }

    func make(
        _ options: Set<ProfileOption> = [], shard: Shard = .whole, resume: Bool = false, key: ProjectKey? = nil,
        patientRule: Policy.PatientRule = .id
    ) throws -> AnonymizationRun {
        let runner = Runner(output: out, workers: 2, memoryLimit: 1 << 30, resume: resume, shard: shard)
        var policy = try Policy(options: options)
        policy.patientRule = patientRule
        let cleaner = FileCleaner(policy: policy, key: key ?? self.key, program: "Hilum test")
        let file = Fixtures.root + "/pipelines/burned-in-text.yaml"
        let rules = try DeviceRules.parse(String(contentsOfFile: file, encoding: .utf8), name: "rules")
        return AnonymizationRun(inputs: [input], runner: runner, cleaner: cleaner, layout: .standard, textRules: rules)
    }

    /// - Returns: the lines of the manifest.
    func run(
        _ options: Set<ProfileOption> = [], shard: Shard = .whole, resume: Bool = false,
        patientRule: Policy.PatientRule = .id
    ) async throws -> [ManifestEntry] {
        let run = try make(options, shard: shard, resume: resume, patientRule: patientRule)
        _ = try await run.run(progress: RunProgress(style: .quiet))
        let lines = try Data(contentsOf: URL(filePath: run.runner.manifestPath)).split(separator: 0x0A)
        return try lines.map { try JSONDecoder().decode(ManifestEntry.self, from: $0) }
    }

    /// What `hilum verify` says, a line a problem.
    func problems(against originals: Bool = false) throws -> [String] {
        let run = VerificationRun(output: out, originals: originals ? [input] : [], key: key, workers: 2)
        return try run.run().problems.map { "\($0.file): \($0.message)" }
    }
}

extension RunFiles {
    fileprivate var names: [String] { [report, page, manifest, run] }
}
