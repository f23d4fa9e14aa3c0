import Cryptography
import DataSets
import Files
import Foundation
import TestSupport
import Testing

@testable import Deidentification

@Suite struct FileCleanerTests {
    static let fixtures = RoundTrip.fixtures

    /// Written, opened again and searched: no fixture keeps an original value, and its pixels are the same bytes.
    @Test(arguments: fixtures) func provesEveryFixture(_ name: String) throws {
        let file = try PartTenFile(path: Fixtures.path(name))
        let cleaner = try makeCleaner()
        let cleaned: CleanedFile
        do { cleaned = try cleaner.clean(file, path: name) } catch {
            #expect(
                [.noPatient, .unexaminedPixels, .privateSOPClass, .unparsable].contains(error.code), "\(name): \(error)"
            )
            return
        }
        let scratch = try Scratch()
        let (pending, proof) = try cleaned.write(to: scratch.path + "/out", from: file.source, tag: "")
        try AtomicFile.publish([pending], in: scratch.path)
        #expect(proof.needles > 0)
        let written = try PartTenFile(path: scratch.path + "/out")
        if cleaned.patches.isEmpty {
            #expect(try pixels(written) == pixels(file))
        }
        #expect(
            FileVerification(cleaner, identities: [file.patientIdentity]).problems(inFileAt: scratch.path + "/out")
                == [])
        #expect(written.dataSet.text(.patientID) == cleaned.subject.pseudonym)
    }

    private func pixels(_ file: PartTenFile) throws -> [UInt8] {
        switch file.dataSet[.pixelData]?.value {
        case .stored(let range): try Array(file.source.bytes(range))
        case .fragments(let ranges): try ranges.flatMap { try Array(file.source.bytes($0)) }
        default: []
        }
    }

    @Test func theSameKeyGivesTheSameBytesAndAnotherNothingInCommon() throws {
        let (key, other) = (try makeKey(), try makeKey())
        func bytes(_ key: ProjectKey) throws -> [UInt8] {
            let cleaned = try makeCleaner([.retainModifiedDates], key: key).clean(makeFile(), path: "a")
            return try PartTenWriter.encode(
                meta: cleaned.meta, cleaned.dataSet, cleaned.encoding, from: ByteSource([])
            ).bytes
        }
        #expect(try bytes(key) == bytes(key))
        let (first, second) = (
            try makeCleaner(key: key).clean(makeFile(), path: "a"),
            try makeCleaner(key: other).clean(makeFile(), path: "a")
        )
        for tag in [Tag.patientID, .sopInstanceUID, .studyInstanceUID, .seriesInstanceUID] {
            #expect(first.dataSet.text(tag) != second.dataSet.text(tag))
        }
        #expect(
            first.subject.dayOffset != second.subject.dayOffset || first.subject.pseudonym != second.subject.pseudonym)
    }

    @Test func aNameInATechnicalFieldIsFound() throws {
        let file = try makeFile([
            DataElement(Tag(0x0008, 0x0070), .LO, text: "ACME for Lovelace"),
            DataElement(Tag(0x0018, 0x1210), .SH, text: "B30f"),
        ])
        let cleaned = try makeCleaner().clean(file, path: "a")
        #expect(cleaned.dataSet.text(Tag(0x0008, 0x0070)) == "")
        #expect(cleaned.dataSet.text(Tag(0x0018, 0x1210)) == "B30f")
        #expect(cleaned.tally.counts["replaced, identity in a kept value"] == 1)
    }

    @Test func shortNamesAreWordsOfTheirOwn() throws {
        let file = try makeFile([
            DataElement(.patientName, .PN, text: "Li^Wu"),
            DataElement(Tag(0x0008, 0x0070), .LO, text: "LIFE SCIENCE"),
            DataElement(Tag(0x0008, 0x1090), .LO, text: "SCAN OF LI"),
        ])
        let cleaned = try makeCleaner().clean(file, path: "a")
        #expect(cleaned.dataSet.text(Tag(0x0008, 0x0070)) == "LIFE SCIENCE")
        #expect(cleaned.dataSet.text(Tag(0x0008, 0x1090)) == "")
    }

    /// Words of a path that only a person has go from what stays; those of the scanner and of the field do not.
    @Test func aNameInAPathIsFound() throws {
        let file = try makeFile([
            DataElement(Tag(0x0008, 0x0070), .LO, text: "ACME"),
            DataElement(Tag(0x0008, 0x1090), .LO, text: "Somaton Go"),
            DataElement(Tag(0x0018, 0x0024), .SH, text: "Wintermorgen_Ma"),
            DataElement(Tag(0x0018, 0x1020), .LO, text: "syngo Somaton"),
            DataElement(Tag(0x0018, 0x1210), .SH, text: "Boneplus"),
        ])
        let path = "Acme/Somaton/Wintermorgen_Mara/Boneplus/Test 2026/a.dcm"
        let cleaned = try makeCleaner().clean(file, path: path)
        #expect(cleaned.dataSet.text(Tag(0x0008, 0x0070)) == "ACME")
        #expect(cleaned.dataSet.text(Tag(0x0008, 0x1090)) == "Somaton Go")
        #expect(cleaned.dataSet.text(Tag(0x0018, 0x0024)) == "")
        #expect(cleaned.dataSet.text(Tag(0x0018, 0x1020)) == "syngo Somaton")
        #expect(cleaned.dataSet.text(Tag(0x0018, 0x1210)) == "Boneplus")
    }

    /// What rules write cannot come from a path: a folder may be called like the program.
    @Test func aPathMayHaveWordsOfRules() throws {
        let file = try makeFile()
        let cleaner = FileCleaner(policy: try Policy(), key: try makeKey(), program: "Wintermorgen 1")
        let cleaned = try cleaner.clean(file, path: "Wintermorgen/a")
        let plan = try PartTenWriter.encode(meta: cleaned.meta, cleaned.dataSet, cleaned.encoding, from: file.source)
        var bytes: [UInt8] = []
        try plan.forEachPart(from: file.source) { bytes.append(contentsOf: $0) }
        let scratch = try Scratch()
        _ = try OutputProof.check(try scratch.write(bytes, "out"), cleaned.needles, plan)
    }

    @Test func datesMoveTogetherAndTimesStay() throws {
        let file = try makeFile([
            DataElement(Tag(0x0008, 0x0021), .DA, text: "20040120"),
            DataElement(Tag(0x0008, 0x0030), .TM, text: "072730"),
            DataElement(Tag(0x0008, 0x002A), .DT, text: "20040119072730.5+0100"),
            DataElement(Tag(0x0008, 0x0022), .DA, text: "tomorrow"),
        ])
        let cleaned = try makeCleaner([.retainModifiedDates]).clean(file, path: "a")
        let shift = DateShift(days: cleaned.subject.dayOffset)
        #expect(cleaned.dataSet.text(Tag(0x0008, 0x0020)) == shift.date("20040119"))
        #expect(cleaned.dataSet.text(Tag(0x0008, 0x0021)) == shift.date("20040120"))
        #expect(cleaned.dataSet.text(Tag(0x0008, 0x0030)) == "072730")
        #expect(cleaned.dataSet.text(Tag(0x0008, 0x002A)) == shift.dateTime("20040119072730.5+0100"))
        #expect(cleaned.dataSet[Tag(0x0008, 0x0022)]?.isEmpty == true)
        #expect(cleaned.dataSet.text(Tag(0x0028, 0x0303)) == "MODIFIED")
        #expect(cleaned.warnings.count == 1)
    }

    @Test func agesOverEightyNineAreOne() throws {
        for (age, expected) in [("089Y", "089Y"), ("090Y", "090Y"), ("101Y", "090Y"), ("011M", "011M")] {
            let cleaned = try makeCleaner([.retainPatientCharacteristics])
                .clean(makeFile([DataElement(.patientAge, .AS, text: age)]), path: "a")
            #expect(cleaned.dataSet.text(.patientAge) == expected)
        }
    }

    @Test func safePrivateElementsStayByTheirCreatorInAnyBlock() throws {
        let file = try makeFile([
            DataElement(Tag(0x7053, 0x0042), .LO, text: "Philips PET Private Group"),
            DataElement(Tag(0x7053, 0x4200), .DS, text: "0.5"),
            DataElement(Tag(0x7053, 0x4277), .LO, text: "secret text"),
            DataElement(Tag(0x0009, 0x0010), .LO, text: "SOMEBODY"),
            DataElement(Tag(0x0009, 0x1000), .LO, text: "else"),
        ])
        let kept = try makeCleaner([.retainSafePrivate]).clean(file, path: "a").dataSet
        #expect(kept[Tag(0x7053, 0x0042)] != nil && kept.text(Tag(0x7053, 0x4200)) == "0.5")
        #expect(
            kept[Tag(0x7053, 0x4277)] == nil && kept[Tag(0x0009, 0x0010)] == nil && kept[Tag(0x0009, 0x1000)] == nil)
        let basic = try makeCleaner().clean(file, path: "a").dataSet
        #expect(!basic.elements.contains { $0.tag.isPrivate })
    }

    @Test func zeroesWhatLiesBehindTheLastFrameAndBitsOfOldOverlays() throws {
        let file = try makeFile([
            DataElement(.bitsStored, .US, .bytes([4, 0])), DataElement(.highBit, .US, .bytes([3, 0])),
            DataElement(Tag(0x6000, 0x0102), .US, .bytes([4, 0])),
            DataElement(.pixelData, .OB, .bytes([0xF1, 0x22, 0x13, 0x04, 0x41, 0x44])),
        ])
        let cleaned = try makeCleaner().clean(file, path: "a")
        var bytes: [UInt8] = []
        let plan = try PartTenWriter.encode(meta: cleaned.meta, cleaned.dataSet, cleaned.encoding, from: file.source)
        try plan.forEachPart(from: file.source, patches: cleaned.patches) { bytes.append(contentsOf: $0) }
        #expect(bytes.suffix(6) == [0x01, 0x02, 0x03, 0x04, 0, 0])
    }

    @Test func refusesWhatNobodyCanVouchFor() throws {
        func code(_ file: PartTenFile) throws -> Refusal.Code? {
            let cleaner = try makeCleaner()
            do throws(Refusal) { _ = try cleaner.clean(file, path: "a") } catch { return error.code }
            return nil
        }
        #expect(try code(makeFile(sopClass: "1.2.3.4.5")) == .privateSOPClass)
        #expect(
            try code(
                makeFile(
                    [DataElement(.encapsulatedDocument, .OB, .bytes(Array("%PDF".utf8)[...]))],
                    sopClass: "1.2.840.10008.5.1.4.1.1.104.1")) == .encapsulatedDocument)
        #expect(
            try code(makeFile([DataElement(.patientID, .LO, text: ""), DataElement(.studyInstanceUID, .UI, text: "")]))
                == .noPatient)
    }

    @Test func aLeakInWhatWasWrittenIsSeen() throws {
        let file = try makeFile()
        let cleaned = try makeCleaner().clean(file, path: "a")
        var spoiled = cleaned.dataSet
        spoiled.set(DataElement(Tag(0x0008, 0x0070), .LO, text: "for ada lovelace"))
        let plan = try PartTenWriter.encode(meta: cleaned.meta, spoiled, cleaned.encoding, from: file.source)
        let scratch = try Scratch()
        var bytes: [UInt8] = []
        try plan.forEachPart(from: file.source) { bytes.append(contentsOf: $0) }
        let path = try scratch.write(bytes, "spoiled")
        do {
            _ = try OutputProof.check(path, cleaned.needles, plan)
            Issue.record("the name was not found")
        } catch {
            #expect(error.code == .leak)
            #expect(
                error.message.contains("(0010,0010) in (0008,0070)") && !error.message.lowercased().contains("lovelace")
            )
        }
    }
}

enum RoundTrip {
    static let fixtures = try! FileManager.default.subpathsOfDirectory(atPath: Fixtures.path(""))
        .filter { $0.hasSuffix(".dcm") && !$0.contains("truncated") }.sorted()
}
