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
        if cleaned.patches.replacements.isEmpty {
            #expect(try pixels(written) == pixels(file))
        }
        #expect(
            FileVerification(cleaner, identities: [file.patientIdentity]).problems(inFileAt: scratch.path + "/out")
                == [])
        #expect(written.dataSet.text(.patientID) == cleaned.subject.pseudonym)
    }

    /// A number whose product has no room is refused like any other that no image has.
    @Test func sizesBeyondAnyImageAreRefused() throws {
        for size in ["4000000000000000000", "65536"] {
            let file = try makeFile([.rows, .columns].map { DataElement($0, .IS, text: size) })
            #expect(throws: Refusal.self) { try FrameSize(file) }
        }
    }

    /// What an option keeps, the proof lets stand, in the file meta information too.
    @Test(arguments: ProfileOption.allCases) func provesEveryOption(_ option: ProfileOption) throws {
        for name in ["ct_small.dcm", "mr_small.dcm"] {
            let file = try PartTenFile(path: Fixtures.path(name))
            let cleaner = try makeCleaner([option])
            let scratch = try Scratch()
            let (pending, _) = try cleaner.clean(file, path: name)
                .write(to: scratch.path + "/out", from: file.source, tag: "")
            try AtomicFile.publish([pending], in: scratch.path)
            let verification = FileVerification(cleaner, identities: [file.patientIdentity])
            #expect(
                verification.problems(
                    inFileAt: scratch.path + "/out",
                    original: .init(source: file.source, path: name, identity: file.patientIdentity)) == [])
        }
    }

    /// Objects made of a file that keeps its UIDs refer to it by them; of others that is a leak.
    @Test func aReferenceToAFileThatKeepsItsUIDsIsNoLeak() throws {
        let file = try PartTenFile(path: Fixtures.path("mr_small.dcm"))
        let reference = DataElement.text("ReferencedSOPInstanceUID", file.dataSet.text(.sopInstanceUID))
        let object = PartTenWriter.encodeInMemory(meta: DataSet(), DataSet([reference]))
        func prove(_ options: Set<ProfileOption>) throws {
            let cleaner = try makeCleaner(options)
            try cleaner.clean(file, path: "").prove(
                object, beside: PartTenWriter.encodeInMemory(meta: DataSet(), DataSet()), under: cleaner.policy)
        }
        #expect(throws: Never.self) { try prove([.retainUIDs]) }
        #expect(throws: Refusal.self) { try prove([]) }
    }

    /// What an object says of nobody, too, is not of the patient who is called so; elsewhere it is.
    @Test func theProgramsOwnWordsAreNobodysName() throws {
        let file = try makeFile([DataElement(.patientName, .PN, text: "Finding^Width")])
        let cleaner = try makeCleaner()
        func object(_ elements: DataElement...) -> EncodedDataSet {
            PartTenWriter.encodeInMemory(meta: DataSet(), DataSet(of: elements))
        }
        let own = DataElement.text("CodeMeaning", "Width")
        let cleaned = try cleaner.clean(file, path: "")
        #expect(throws: Never.self) { try cleaned.prove(object(own), beside: object(own), under: cleaner.policy) }
        for foreign in [DataElement.text("CodeMeaning", "The Width"), .text("SegmentLabel", "Width")] {
            #expect(throws: Refusal.self) {
                try cleaned.prove(object(foreign), beside: object(own), under: cleaner.policy)
            }
        }
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

    /// A true date beside shifted ones would tell by how many days these were moved.
    @Test func aTrueDateInATechnicalFieldIsFound() throws {
        let fields = [
            DataElement(Tag(0x0018, 0x0024), .SH, text: "2001_12_14"),
            DataElement(Tag(0x0008, 0x2120), .SH, text: "011214"),
            DataElement(Tag(0x0008, 0x1090), .LO, text: "14.12.2001"),
            DataElement(Tag(0x0018, 0x1020), .LO, text: "syngo 14DEC2001"),
            DataElement(Tag(0x0008, 0x2127), .SH, text: "Dec 14 2001"),
        ]
        let code = DataSet([
            DataElement(.codeValue, .SH, text: "121401"), DataElement(Tag(0x0008, 0x0102), .SH, text: "DCM"),
            DataElement(Tag(0x0008, 0x0104), .LO, text: "Derivation"),
        ])
        let region = DataSets.Tag(0x0008, 0x2218)
        let file = try makeFile(
            fields + [
                DataElement(Tag(0x0008, 0x0020), .DA, text: "20011214"), DataElement(region, .SQ, .items([code])),
            ]
        )
        let cleaned = try makeCleaner([.retainModifiedDates]).clean(file, path: "a")
        for field in fields { #expect(cleaned.dataSet.text(field.tag) == "", "\(field.tag)") }
        let scratch = try Scratch()
        _ = try cleaned.write(to: scratch.path + "/out", from: file.source, tag: "")
        // The number of a vocabulary, which reads like the date.
        #expect(cleaned.dataSet[region]?.items?.first?.text(.codeValue) == "121401")
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

    /// Codes have their places in Image Type, and the first two say how to read the image.
    @Test func aNameAmongCodesGoesAlone() throws {
        let imageType = DataSets.Tag(0x0008, 0x0008)
        let file = try makeFile(
            [
                DataElement(imageType, .CS, text: "ORIGINAL\\PRIMARY\\LOVELACE\\MRN0012345"),
                DataElement(Tag(0x0018, 0x5100), .CS, text: "LOVELACE"),
            ], sopClass: "1.2.840.10008.5.1.4.1.1.2")
        let cleaned = try makeCleaner().clean(file, path: "a")
        #expect(cleaned.dataSet.text(imageType) == "ORIGINAL\\PRIMARY\\REMOVED\\REMOVED")
        #expect(!cleaned.dataSet.text(Tag(0x0018, 0x5100)).contains("LOVELACE"))
        let plan = try PartTenWriter.encode(meta: cleaned.meta, file.dataSet, file.encoding, from: file.source)
        let span = try #require(plan.spans.first { $0.tag == imageType })
        let name = Array("LOVELACE".utf8)
        for hit in name.withUnsafeBytes({ cleaned.needles.hits(in: $0) }) {
            #expect(!Permission.allows(hit.needle, name, in: span))
        }
    }

    /// Somebody is called like a term that a file needs to be read.
    @Test func aTermThatTheFileNeedsStays() throws {
        let imageType = DataSets.Tag(0x0008, 0x0008)
        let file = try makeFile(
            [
                DataElement(.patientName, .PN, text: "Primary^Axial"),
                DataElement(imageType, .CS, text: "ORIGINAL\\PRIMARY\\AXIAL"),
            ], sopClass: "1.2.840.10008.5.1.4.1.1.2")
        let cleaned = try makeCleaner().clean(file, path: "a")
        #expect(cleaned.dataSet.text(imageType) == "ORIGINAL\\PRIMARY\\AXIAL")
        let scratch = try Scratch()
        _ = try cleaned.write(to: scratch.path + "/out", from: file.source, tag: "")
    }

    /// Text beyond ASCII is written in other bytes, and searched as it was read.
    @Test func aNameInAnotherCharacterSetGoesAlone() throws {
        let versions = DataSets.Tag(0x0018, 0x1020)
        let latin = { (text: String) in text.unicodeScalars.map { UInt8($0.value) }[...] }
        let file = try makeFile([
            DataElement(.specificCharacterSet, .CS, text: "ISO_IR 100"),
            DataElement(.patientName, .PN, .bytes(latin("M\u{FC}hlbauer^J\u{FC}rg"))),
            DataElement(versions, .LO, .bytes(latin("by J. M\u{FC}hlbauer "))),
            DataElement(Tag(0x0008, 0x1090), .LO, .bytes(latin("Ger\u{E4}t"))),
        ])
        let cleaned = try makeCleaner().clean(file, path: "a")
        #expect(cleaned.dataSet[versions]?.isEmpty == true)
        #expect(cleaned.dataSet.text(Tag(0x0008, 0x1090)) == "Ger\u{E4}t")
    }

    @Test func anOptionThatAnExceptionDefeatsIsNotClaimed() throws {
        var policy = try Policy(options: [.cleanDescriptors, .retainDeviceIdentity])
        policy.overrides = [Tag(0x0018, 0x1030): .keep]
        let cleaned = try FileCleaner(policy: policy, key: makeKey(), program: "Test").clean(makeFile(), path: "a")
        let codes = cleaned.dataSet[.deidentificationMethodCodeSequence]?.items?.map { $0.text(.codeValue) }
        #expect(codes == ["113100", "113109"])
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

    /// Files are called by what they are, and need their codes.
    @Test func aFileCalledByItsModalityKeepsIt() throws {
        let file = try makeFile([
            DataElement(.modality, .CS, text: "RTDOSE"), DataElement(Tag(0x0018, 0x0015), .CS, text: "WINTERMORGEN"),
        ])
        let cleaned = try makeCleaner().clean(file, path: "Wintermorgen/rtdose_1.dcm")
        #expect(cleaned.dataSet.text(.modality) == "RTDOSE")
        #expect(cleaned.dataSet.text(Tag(0x0018, 0x0015)) != "WINTERMORGEN")
        let scratch = try Scratch()
        _ = try cleaned.write(to: scratch.path + "/out", from: file.source, tag: "")
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
        for (age, expected) in [
            ("089Y", "089Y"), ("090Y", "090Y"), ("101Y", "090Y"), ("011M", "011M"), ("95Y", "090Y"), ("95", "090Y"),
            ("095y", "090Y"), (" 95Y", "090Y"), ("1140M", "090Y"), ("999W", "999W"), ("ninety", ""), ("Y", ""),
        ] {
            let file = try makeFile([DataElement(.patientAge, .AS, text: age)])
            let cleaner = try makeCleaner([.retainPatientCharacteristics])
            let cleaned = try cleaner.clean(file, path: "a")
            #expect(cleaned.dataSet.text(.patientAge) == expected, "\(age)")
            var check = PolicyCheck(cleaner.book, sopClass: "1.2.840.10008.5.1.4.1.1.7")
            check.check(DataSet([DataElement(.patientAge, .AS, text: age)]))
            #expect(check.problems.isEmpty == (age == expected), "\(age)")
        }
    }

    /// A true date beside a shifted one would reveal the offset.
    @Test func whatOnlyLooksLikeATimeGoes() throws {
        let (studyTime, seriesTime, zone) = (Tag(0x0008, 0x0030), Tag(0x0008, 0x0031), Tag(0x0008, 0x0201))
        let cleaner = try makeCleaner([.retainModifiedDates])
        for (time, offset) in [("20200317101112", "19340521"), ("2020.03.17", "+3405"), ("101112.20200317", "0100")] {
            let file = try makeFile([
                DataElement(studyTime, .TM, text: time), DataElement(seriesTime, .TM, text: "10:11:12.5"),
                DataElement(zone, .SH, text: offset),
            ])
            let cleaned = try cleaner.clean(file, path: "a")
            #expect(cleaned.dataSet.text(studyTime) == "" && cleaned.dataSet.text(zone) == "")
            #expect(cleaned.dataSet.text(seriesTime) == "10:11:12.5")
            #expect(cleaned.warnings.count == 2)
            var check = PolicyCheck(cleaner.book, sopClass: "1.2.840.10008.5.1.4.1.1.7")
            check.check(DataSet(file.dataSet.elements.filter { [studyTime, seriesTime, zone].contains($0.tag) }))
            #expect(check.problems.count == 2)
        }
        for time in ["10", "1011", "235960", "101112.123456", "9:30"] { #expect(ClockTime.isTime(time), "\(time)") }
        for time in ["", "1", "101", "2460", "101112.", "1011.5", "10:1"] {
            #expect(!ClockTime.isTime(time), "\(time)")
        }
        #expect(ClockTime.isOffset("-0930") && !ClockTime.isOffset("+1460"))
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

    /// Explicit and deflated little endian.
    static let plainAndDeflated = ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99"]

    @Test(arguments: plainAndDeflated)
    func zeroesWhatLiesBehindTheLastFrameAndBitsOfOldOverlays(_ transferSyntax: String) throws {
        let file = try makeFile(
            [
                DataElement(.bitsStored, .US, .bytes([4, 0])), DataElement(.highBit, .US, .bytes([3, 0])),
                DataElement(Tag(0x6000, 0x0102), .US, .bytes([4, 0])),
                DataElement(.pixelData, .OB, .bytes([0xF1, 0x22, 0x13, 0x04, 0x41, 0x44])),
            ], transferSyntax: transferSyntax)
        let cleaned = try makeCleaner().clean(file, path: "a")
        let scratch = try Scratch()
        let (pending, _) = try cleaned.write(to: scratch.path + "/out", from: file.source, tag: "")
        try AtomicFile.publish([pending], in: scratch.path)
        #expect(try pixels(PartTenFile(path: scratch.path + "/out")) == [0x01, 0x02, 0x03, 0x04, 0, 0])
    }

    /// A frame with blackened text is a copy of the original's, with the overlay's bits; so is every mebibyte behind it.
    @Test func erasesBitsOfOldOverlaysInRedactedFramesToo() throws {
        func bytes(_ word: UInt16, _ count: Int) -> [UInt8] {
            [UInt16](repeating: word, count: count).withUnsafeBytes { Array($0) }
        }
        // A frame is a mebibyte.
        let count = 512 * 1024
        let file = try makeFile([
            DataElement(.rows, .US, .bytes([0, 2])), DataElement(.columns, .US, .bytes([0, 4])),
            DataElement(.bitsAllocated, .US, .bytes([16, 0])), DataElement(.bitsStored, .US, .bytes([12, 0])),
            DataElement(.highBit, .US, .bytes([11, 0])), DataElement(.numberOfFrames, .IS, text: "2"),
            DataElement(Tag(0x6000, 0x0102), .US, .bytes([12, 0])),
            DataElement(.pixelData, .OW, .bytes(bytes(0xFFFF, 2 * count)[...])),
        ])
        guard case .stored(let range) = file.dataSet[.pixelData]?.value else {
            Issue.record("pixels are not stored")
            return
        }
        let frame = bytes(0, 50) + bytes(0xFFFF, count - 50)
        let redaction = SourcePatch(ByteRange(offset: range.offset, count: frame.count), .bytes(frame))
        let cleaned = try makeCleaner().clean(file, path: "a", pixels: .textFree(patches: [redaction]))
        let scratch = try Scratch()
        let (pending, _) = try cleaned.write(to: scratch.path + "/out", from: file.source, tag: "")
        try AtomicFile.publish([pending], in: scratch.path)
        let written = try pixels(PartTenFile(path: scratch.path + "/out"))
        #expect(written == bytes(0, 50) + bytes(0x0FFF, 2 * count - 50))
    }

    /// What hides in compressed pixels, or in what stands before them, cannot be erased in place.
    @Test func refusesWhatCompressedPixelsMayHide() throws {
        let bytes = try Fixtures.bytes("pixels/j2k_5frames_1fragments_with_table.dcm")
        let cleaner = try makeCleaner()
        func refusal(_ file: PartTenFile) -> Refusal? {
            do throws(Refusal) {
                _ = try cleaner.clean(file, path: "a")
                return nil
            } catch { return error }
        }
        var file = try PartTenFile(ByteSource(bytes))
        #expect(refusal(file) == nil)
        guard case .fragments(let fragments) = file.dataSet[.pixelData]?.value, fragments[0].count == 20 else {
            Issue.record("the fixture has no table of five frames")
            return
        }
        file.dataSet.set(DataElement(Tag(0x6000, 0x0102), .US, .bytes([12, 0])))
        #expect(refusal(file)?.code == .unexaminedPixels)
        var changed = bytes
        changed.replaceSubrange(fragments[0].offset..<fragments[0].offset + 8, with: "LOVELACE".utf8)
        #expect(try refusal(PartTenFile(ByteSource(changed)))?.code == .unparsable)
    }

    /// A decoder may write full colour and leave the name of the halved one; nothing of it is behind the last frame.
    @Test func fullColourUnderTheNameOfHalvedStays() throws {
        func cleaned(_ count: Int) throws -> CleanedFile {
            try makeCleaner().clean(
                makeFile([
                    DataElement(.samplesPerPixel, .US, .bytes([3, 0])),
                    DataElement(.photometricInterpretation, .CS, text: "YBR_FULL_422"),
                    DataElement(.pixelData, .OB, .bytes([UInt8](repeating: 7, count: count)[...])),
                ]), path: "a")
        }
        #expect(try cleaned(8).patches.replacements.isEmpty && cleaned(12).patches.replacements.isEmpty)
        #expect(try cleaned(10).patches.replacements.map(\.range.count) == [2])
    }

    @Test func saysWhenMoreThanPaddingIsErasedAndErasesNoFrames() throws {
        func cleaned(_ pixels: [UInt8]) throws -> CleanedFile {
            try makeCleaner().clean(
                makeFile([
                    DataElement(.rows, .US, .bytes([1, 0])), DataElement(.columns, .US, .bytes([5, 0])),
                    DataElement(.pixelData, .OB, .bytes(pixels[...])),
                ]), path: "a")
        }
        #expect(try cleaned([1, 2, 3, 4, 5, 6]).warnings == [])
        #expect(try cleaned([1, 2, 3, 4, 5, 6, 7, 8]).warnings == ["3 bytes behind the last frame were erased"])
        #expect(throws: Refusal.self) { try cleaned([1, 2, 3, 4, 5, 1, 2, 3, 4, 5]) }
    }

    /// Pixels below the top level are looked at by nobody.
    @Test func pixelsInSequencesGo() throws {
        let item = DataSet([
            DataElement(.rows, .US, .bytes([1, 0])), DataElement(.pixelData, .OB, .bytes([1, 2])),
            DataElement(Tag(0x7FE0, 0x0008), .OF, .bytes([1, 2, 3, 4])),
        ])
        let sequence = Tag(0x0008, 0x9215)
        let file = try makeFile([DataElement(sequence, .SQ, .items([item]))])
        let cleaner = try makeCleaner()
        let cleaned = try cleaner.clean(file, path: "a").dataSet
        #expect(cleaned[.pixelData] != nil)
        #expect(cleaned[sequence]?.items?.map { $0.elements.map(\.tag) } == [[.rows]])
        var check = PolicyCheck(cleaner.book, sopClass: file.dataSet.text(.sopClassUID))
        check.check(file.dataSet)
        #expect(check.problems.contains { $0.hasPrefix("(7FE0,0010)") })
    }

    /// Vocabulary is what PS3.6 registers, and a coding scheme, wherever that is registered.
    @Test func onlyRegisteredUIDsAreVocabulary() throws {
        func cleaned(_ tag: DataSets.Tag, _ uid: String) throws -> String {
            try makeCleaner().clean(makeFile([DataElement(tag, .UI, text: uid)]), path: "a").dataSet.text(tag)
        }
        let (referenced, scheme) = (Tag(0x0008, 0x1150), Tag(0x0008, 0x010C))
        #expect(try cleaned(referenced, "1.2.840.10008.5.1.4.1.1.2") == "1.2.840.10008.5.1.4.1.1.2")
        #expect(try cleaned(referenced, "1.2.826.0.1.3680043.10.999.1934").hasPrefix("2.25."))
        #expect(try cleaned(scheme, "2.16.840.1.113883.6.259") == "2.16.840.1.113883.6.259")
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

    @Test(arguments: plainAndDeflated) func aLeakInWhatWasWrittenIsSeen(_ transferSyntax: String) throws {
        let file = try makeFile(transferSyntax: transferSyntax)
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
