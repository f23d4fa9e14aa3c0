import BurnedInText
import Cryptography
import DataSets
import Deidentification
import Files
import Foundation
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
        #expect(StudyPatients([known, other], rule: .idAndBirthDate, key: world.key).isAmbiguous(known))
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

    /// A small CT image, with other values for some of `patient`, `study` and `instance`.
    func put(_ name: String, _ values: [String: String]) throws {
        let original = try PartTenFile(path: Fixtures.path("ct_small.dcm"))
        var dataSet = original.dataSet
        for (place, value) in values {
            switch place {
            case "patient": dataSet.set(DataElement(Tag(0x0010, 0x0020), .LO, text: value))
            case "study": dataSet.set(DataElement(Tag(0x0020, 0x000D), .UI, text: value))
            default: dataSet.set(DataElement(Tag(0x0008, 0x0018), .UI, text: value))
            }
        }
        let plan = try PartTenWriter.encode(
            meta: DataSet(original.meta.elements.filter { !$0.tag.isGroupLength }), dataSet, original.encoding,
            from: original.source)
        var bytes: [UInt8] = []
        try plan.forEachPart(from: original.source) { bytes.append(contentsOf: $0) }
        try Data(bytes).write(to: URL(filePath: "\(input)/\(name)"))
    }

    /// - Returns: the lines of the manifest.
    func run(
        _ options: Set<ProfileOption> = [], shard: Shard = .whole, resume: Bool = false, key: ProjectKey? = nil
    ) async throws -> [ManifestEntry] {
        let runner = Runner(output: out, workers: 2, memoryLimit: 1 << 30, resume: resume, shard: shard)
        let cleaner = FileCleaner(policy: try Policy(options: options), key: key ?? self.key, program: "Hilum test")
        let file = Fixtures.root + "/pipelines/burned-in-text.yaml"
        let rules = try DeviceRules.parse(String(contentsOfFile: file, encoding: .utf8), name: "rules")
        let run = AnonymizationRun(
            inputs: [input], runner: runner, cleaner: cleaner, layout: .standard, textRules: rules)
        _ = try await run.run(progress: RunProgress(style: .quiet))
        let lines = try Data(contentsOf: URL(filePath: runner.manifestPath)).split(separator: 0x0A)
        return try lines.map { try JSONDecoder().decode(ManifestEntry.self, from: $0) }
    }

    /// What `hilum verify` says, a line a problem.
    func problems(against originals: Bool = false) throws -> [String] {
        let run = VerificationRun(output: out, originals: originals ? [input] : [], key: key, workers: 2)
        return try run.run().problems.map { "\($0.file): \($0.message)" }
    }
}
