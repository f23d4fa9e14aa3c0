import BurnedInText
import Cryptography
import DataSets
import Deidentification
import Files
import Foundation
import NIfTI
import Pipelines
import TestSupport
import Testing
import Volumes

@testable import Stages

/// `hilum anonymize` over what is no DICOM image.
@Suite(.serialized) struct OtherFilesTests {
    private let scratch: Scratch
    private var input: String { scratch.path + "/input" }

    init() throws {
        scratch = try Scratch()
        try ProjectKey.create(path: scratch.path + "/key")
    }

    private func put(_ bytes: [UInt8], _ name: String) throws {
        let path = URL(filePath: "\(input)/\(name)")
        try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: path)
    }

    private func put(_ text: String, _ name: String) throws { try put(Array(text.utf8), name) }

    private func put(fixture: String, _ name: String) throws { try put(Fixtures.bytes(fixture), name) }

    private struct Outcome {
        let folder: String
        let summary: AnonymizationSummary
        let entries: [ManifestEntry]

        func entry(_ suffix: String) -> ManifestEntry? { entries.first { $0.item.hasSuffix(suffix) } }
        func bytes(_ path: String) throws -> [UInt8] {
            [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/\(path)")))
        }
        var failures: [String: String] {
            Dictionary(entries.compactMap { entry in entry.error.map { (entry.item, $0.code) } }) { first, _ in first }
        }
    }

    private func run(
        _ out: String = "out", _ options: Set<ProfileOption> = [], shard: Shard = .whole, resume: Bool = false,
        layout: OutputLayout = .standard, free: Bool = false
    ) async throws -> Outcome {
        let folder = scratch.path + "/" + out
        let runner = Runner(output: folder, workers: 2, memoryLimit: 1 << 30, resume: resume, shard: shard)
        let key = try ProjectKey(path: scratch.path + "/key")
        let cleaner = FileCleaner(
            policy: try Policy(options: free ? options.union([.cleanPixelData]) : options), key: key, program: "test")
        let file = Fixtures.root + "/pipelines/burned-in-text.yaml"
        let rules = try DeviceRules.parse(String(contentsOfFile: file, encoding: .utf8), name: "rules")
        let run = AnonymizationRun(
            inputs: [input], runner: runner, cleaner: cleaner, layout: layout, textRules: rules)
        let summary = try await run.run(progress: RunProgress(style: .quiet))
        let lines = try Data(contentsOf: URL(filePath: runner.manifestPath)).split(separator: 0x0A)
        return Outcome(
            folder: folder, summary: summary,
            entries: try lines.map { try JSONDecoder().decode(ManifestEntry.self, from: $0) })
    }

    private func date(_ text: String) -> Date? {
        let parts = text.prefix(10).filter(\.isNumber)
        return Calendar(identifier: .gregorian).date(
            from: DateComponents(
                year: Int(parts.prefix(4)), month: Int(parts.dropFirst(4).prefix(2)), day: Int(parts.suffix(2))))
    }

    /// Rows of tables are counted as files are, under the same pseudonyms.
    @Test func participantsOfTablesAreGrouped() async throws {
        try put("participant_id\tage\tsex\nsub-01\t23\tF\nsub-02\t45\tM\n", "participants.tsv")
        try put(#"{"PatientAge": 23, "PatientSex": "F", "EchoTime": 0.5}"#, "sub-01/anat/sub-01_T1w.json")
        let outcome = try await run("out", [.retainPatientCharacteristics])
        let report = try #require(JSONValue(parsing: try outcome.bytes("deidentification.json")))
        let groups = report["kAnonymity"]?["groupsBelowK"]?.elements ?? []
        let found = groups.map { group in
            let values = group["quasiIdentifiers"]
            return [values?["age"], values?["sex"]]
        }
        #expect(Set(found) == [["20 to 29", "F"], ["40 to 49", "M"]])
        #expect(report["kAnonymity"]?["patients"] == 2)
        let key = try ProjectKey(path: scratch.path + "/key")
        let verification = VerificationRun(output: outcome.folder, originals: [input], key: key, workers: 1)
        #expect(try verification.run().problems.map(\.message) == [])
    }

    @Test func imageSidecarAndGradientsStayTogether() async throws {
        try put(fixture: "functional_4d.nii", "Jane Doe/head.nii")
        try put(#"{"EchoTime": 0.5, "PatientName": "Doe^Jane"}"#, "Jane Doe/head.json")
        try put("0 1000\n", "Jane Doe/head.bval")
        try put("1 0\n0 1\n0 0\n", "Jane Doe/head.bvec")
        try put(fixture: "pair_big_endian.hdr", "Jane Doe/pair.hdr")
        try put(fixture: "pair_big_endian.img", "Jane Doe/pair.img")
        let outcome = try await run()
        let outputs = outcome.entries.flatMap(\.outputs)
        #expect(outputs.count == 6 && outcome.summary.counts.ok == 5 && outcome.summary.leaks == 0)
        let stem = String(try #require(outcome.entry(".bval")?.outputs.first).dropLast(5))
        #expect(Set(outputs).isSuperset(of: [".nii", ".json", ".bval", ".bvec"].map { stem + $0 }))
        #expect(outcome.failures.values.sorted() == ["part-of-pair"])
        let (before, after) = (
            try NIfTIFile.read(path: Fixtures.path("functional_4d.nii")).0,
            try NIfTIFile.read(path: outcome.folder + "/" + stem + ".nii").0
        )
        #expect(before.voxels == after.voxels && before.geometry == after.geometry)
        let pair = try #require(outcome.entry(".hdr")?.outputs)
        #expect(pair.count == 2)
        #expect(
            try NIfTIFile.read(path: outcome.folder + "/" + pair[0]).0.voxels
                == NIfTIFile.read(path: Fixtures.path("pair_big_endian.hdr")).0.voxels)
        let manifest = try String(contentsOfFile: outcome.folder + "/manifest.jsonl", encoding: .utf8)
        for secret in ["Jane", "Doe", "head."] {
            #expect(!manifest.contains(secret) && !outputs.joined().contains(secret))
        }
    }

    /// DICOM files and sidecars of one Patient ID: one name, one offset.
    @Test func oneSubjectOverBothWorlds() async throws {
        try put(fixture: "ct_small.dcm", "dicom/1")
        let original = try PartTenFile(path: Fixtures.path("ct_small.dcm"))
        let (id, day) = (original.patientIdentity.id, original.dataSet.text(Tag(0x0008, 0x0020)))
        let sidecar = #"{"EchoTime": 1, "PatientID": "\#(id)", "AcquisitionDateTime": "\#(day)101112"}"#
        try put(sidecar, "sub-01/anat/sub-01_T1w.json")
        try put(fixture: "nifti2.nii.gz", "sub-01/anat/sub-01_T1w.nii.gz")
        try put(sidecar, "loose/x.json")
        let outcome = try await run("out", [.retainModifiedDates])
        let file = try PartTenFile(
            path: outcome.folder + "/" + #require(outcome.entries.first { !$0.item.contains(".") }?.outputs.first))
        let moved = file.dataSet.text(Tag(0x0008, 0x0020))
        for suffix in ["_T1w.json", "x.json"] {
            let entry = try #require(
                suffix == "x.json"
                    ? outcome.entries.first { $0.item.hasSuffix(".json") && !$0.item.contains("sub-") }
                    : outcome.entry(suffix))
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(outcome.bytes(entry.outputs[0]))) as? [String: Any])
            #expect(object["PatientID"] as? String == file.patientIdentity.id)
            #expect(object["AcquisitionDateTime"] as? String == moved + "101112")
        }
        #expect(date(moved)! < date(day)!)
        let folder = try #require(outcome.entries.first { !$0.item.contains(".") }?.item.prefix(8))
        #expect(outcome.entry("_T1w.nii.gz")?.item.hasPrefix("sub-\(folder)/") == true)
        #expect(Set(outcome.entries.compactMap { $0.details?["patient"] }).count == 1)
    }

    @Test func participantsAreToldApartByTheirIDs() async throws {
        func sidecar(_ id: String) -> String { #"{"EchoTime": 1, "PatientID": "\#(id)"}"# }
        try put(sidecar("7"), "sub-01/anat/sub-01_T1w.json")
        try put(sidecar("8"), "sub-01/anat/sub-01_T2w.json")
        try put(sidecar("ANON"), "sub-02/anat/sub-02_T1w.json")
        try put(sidecar("ANON"), "sub-03/anat/sub-03_T1w.json")
        try put(sidecar("9"), "sub-04/anat/sub-05_T1w.json")
        let outcome = try await run()
        #expect(outcome.failures.values.sorted() == ["ambiguous-patient", "ambiguous-patient", "ambiguous-patient"])
        let shared = outcome.entries.filter { $0.status == .ok }
        #expect(shared.count == 2 && shared.allSatisfy { $0.warnings.count == 1 })
        #expect(Set(shared.compactMap { $0.details?["patient"] }).count == 2)
    }

    @Test func picturesAreHeldUntilSomebodyLooked() async throws {
        try put(fixture: "gray8.png", "Jane/a.png")
        try put(Fixtures.bytes("gray.jpg") + Array("Jane Doe, born 1950".utf8), "Jane/b.jpeg")
        // Transparency may draw what the colours do not show.
        try put(fixture: "rgba.png", "Jane/c.png")
        let held = try await run()
        #expect(held.failures.values.sorted() == ["unexamined-pixels", "unexamined-pixels", "unexamined-pixels"])
        #expect(held.summary.counts.ok == 0 && held.summary.exitCode == 1)
        let passed = try await run("free", free: true)
        #expect(passed.summary.counts.ok == 2 && passed.failures.values.sorted() == ["unexamined-pixels"])
        let path = try #require(passed.entry(".jpg")?.outputs.first)
        #expect(!String(decoding: try passed.bytes(path), as: UTF8.self).contains("Jane"))
    }

    @Test func whatIsNoneOfTheseIsNotCopied() async throws {
        try put("A study of Jane", "README")
        try put(#"{"Jane": "Doe"}"#, "jane.json")
        try put(#"{"EchoTime": 1"#, "broken.json")
        try put("measure\tvalue\n1\t2\n", "phenotype/jane.tsv")
        try put("1 Jane\n", "x.bval")
        try put(fixture: "analyze.hdr", "analyze.hdr")
        let outcome = try await run()
        #expect(outcome.entries.allSatisfy { $0.outputs.isEmpty })
        #expect(
            outcome.failures.values.sorted() == [
                "analyze", "other-file", "other-file", "other-file", "unparsable", "unparsable",
            ])
        let own = ["deidentification.html", "deidentification.json", "manifest.jsonl", "run.json"]
        #expect(try FileManager.default.contentsOfDirectory(atPath: outcome.folder).sorted() == own)
    }

    @Test func aDirectoryIsMadeAnew() async throws {
        for (index, name) in ["ct_small.dcm", "mr_small.dcm", "rtdose_32bit.dcm"].enumerated() {
            try put(fixture: name, "files/\(index)")
        }
        let without = try await run("without")
        #expect(!FileManager.default.fileExists(atPath: without.folder + "/DICOMDIR"))
        try put(fixture: "DICOMDIR", "files/DICOMDIR")
        let outcome = try await run()
        #expect(outcome.failures.values.sorted() == ["directory"] && outcome.summary.exitCode == 0)
        let directory = try PartTenFile(path: outcome.folder + "/DICOMDIR")
        let records = try #require(directory.dataSet[Tag(0x0004, 0x1220)]?.items)
        let files = records.map { $0.text(Tag(0x0004, 0x1500)) }.filter { !$0.isEmpty }
        #expect(
            Set(files.map { $0.split(separator: "\\").joined(separator: "/") })
                == Set(outcome.entries.flatMap(\.outputs)))
        // Shards into one folder, and a run that goes on, make the same bytes.
        for index in 1...2 { _ = try await run("shards", shard: Shard("\(index)/2")!, resume: index == 2) }
        #expect(
            try outcome.bytes("DICOMDIR") == [UInt8](Data(contentsOf: URL(filePath: scratch.path + "/shards/DICOMDIR")))
        )
        let again = try await run(resume: true)
        #expect(again.summary.counts.reused == 3)
        #expect(
            try again.bytes("DICOMDIR")
                == directory.source.bytes(ByteRange(offset: 0, count: directory.source.count)).map { $0 })
        let other = try await run("other", layout: OutputLayout("{patient:16}/{instance:16}")!)
        #expect(!FileManager.default.fileExists(atPath: other.folder + "/DICOMDIR"))
        // Whoever gets the release is to have it.
        for (folder, problems) in [(without, []), (other, []), (outcome, ["DICOMDIR: is missing"])] {
            try? FileManager.default.removeItem(atPath: folder.folder + "/DICOMDIR")
            let verification = VerificationRun(
                output: folder.folder, originals: [], key: try ProjectKey(path: scratch.path + "/key"), workers: 1)
            #expect(try verification.run().problems.map { "\($0.file): \($0.message)" } == problems)
        }
    }

    @Test func goesOnWhereItStopped() async throws {
        try put(fixture: "nifti2.nii.gz", "sub-01/anat/sub-01_T1w.nii.gz")
        try put(#"{"EchoTime": 1}"#, "sub-01/anat/sub-01_T1w.json")
        #expect(try await run().summary.counts.reused == 0)
        #expect(try await run(resume: true).summary.counts.reused == 2)
        // A Patient ID gives the participant another name.
        try put(#"{"EchoTime": 1, "PatientID": "7"}"#, "sub-01/anat/sub-01_T1w.json")
        let third = try await run("out", resume: true)
        #expect(third.summary.counts.reused == 0 && third.summary.counts.ok == 2)
    }

    @Test(arguments: [0, 1, 7, 8, 9], [1, 2, 3])
    func filesWorkedOnAtOnceLieFarApart(count: Int, piles: Int) async {
        var dealt: [Int] = []
        for await unit in DealtUnits(units: Array(0..<count), piles: piles) { dealt.append(unit) }
        #expect(dealt.sorted() == Array(0..<count))
        let height = (count + piles - 1) / piles
        for (a, b) in zip(dealt, dealt.dropFirst()) where b > a { #expect(piles == 1 || b - a == height) }
    }
}
