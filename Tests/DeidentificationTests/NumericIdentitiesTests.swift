import DataSets
import Testing

@testable import Deidentification

/// Numbers that stay, and are an identifier or a true date.
@Suite struct NumericIdentitiesTests {
    private static let seriesNumber = DataSets.Tag(0x0020, 0x0011)
    private static let acquisitionNumber = DataSets.Tag(0x0020, 0x0012)
    private static let instanceNumber = DataSets.Tag(0x0020, 0x0013)
    private static let triggerTime = DataSets.Tag(0x0018, 0x1060)

    private func clean(
        _ elements: [DataElement], _ options: Set<ProfileOption> = [.retainModifiedDates]
    ) throws -> CleanedFile {
        let patient = [
            DataElement(.patientID, .LO, text: "00123456"), DataElement(Tag(0x0008, 0x0050), .SH, text: "20031799"),
            DataElement(Tag(0x0008, 0x0020), .DA, text: "20200317"),
        ]
        return try makeCleaner(options).clean(makeFile(patient + elements), path: "a")
    }

    @Test(arguments: [
        (seriesNumber, "20200317"), (seriesNumber, "123456"), (acquisitionNumber, "20031799"),
        (instanceNumber, "+20200317 "), (triggerTime, "20200317.5"), (triggerTime, "2.0200317E7"),
        (triggerTime, "1584437472"), (triggerTime, "1584437472500"), (triggerTime, "1\\20031799"),
    ]) func goAsTheDateOrIdentifierThatTheyAre(_ tag: DataSets.Tag, _ number: String) throws {
        let vr: ValueRepresentation = tag == Self.triggerTime ? .DS : .IS
        let cleaned = try clean([DataElement(tag, vr, text: number)])
        #expect(cleaned.dataSet[tag]?.isEmpty != false)
        #expect(cleaned.tally.counts["replaced, identity in a kept value"] == 1)
    }

    @Test(arguments: [(20_200_317.101112, true), (1_584_437_472.5, true), (20_200_318.5, false), (0.5, false)])
    func goFromBinaryNumbersToo(_ number: Double, _ isDate: Bool) throws {
        let duration = DataSets.Tag(0x0018, 0x9073)
        let bytes = withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
        let cleaned = try clean([DataElement(duration, .FD, .bytes(bytes[...]))])
        #expect((cleaned.dataSet[duration]?.isEmpty != false) == isDate)
    }

    /// What is measured meets a short identifier by chance, and what a study of another day has is no date of this one.
    @Test(arguments: [
        (triggerTime, "123456"), (triggerTime, "1484437472"), (seriesNumber, "1234567"), (seriesNumber, "20200318"),
        (seriesNumber, "000317"),
    ]) func stayWhereTheyAreNone(_ tag: DataSets.Tag, _ number: String) throws {
        let vr: ValueRepresentation = tag == Self.triggerTime ? .DS : .IS
        #expect(try clean([DataElement(tag, vr, text: number)]).dataSet.text(tag) == number)
    }

    @Test func trueDatesThatStayAreNoneToHide() throws {
        let cleaned = try clean([DataElement(Self.seriesNumber, .IS, text: "20200317")], [.retainFullDates])
        #expect(cleaned.dataSet.text(Self.seriesNumber) == "20200317")
    }

    /// Without them the pixels would be others, and no chance makes eight digits meet.
    @Test func numbersOfPixelsAreNeverChanged() throws {
        let slope = DataSets.Tag(0x0028, 0x1053)
        #expect(throws: Refusal.self) { try clean([DataElement(slope, .DS, text: "20200317")]) }
        #expect(try clean([DataElement(slope, .DS, text: "123456")]).dataSet.text(slope) == "123456")
    }
}
