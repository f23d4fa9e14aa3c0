import DataSets
import Testing

@testable import Deidentification

/// Rules go by the dictionary, files state what they like: what stays reads as its attribute announces.
@Suite struct ValueSyntaxTests {
    private static let duration = DataSets.Tag(0x0018, 0x9073)
    private static let echoTime = DataSets.Tag(0x0018, 0x0081)
    private static let maker = DataSets.Tag(0x0008, 0x0070)

    @Test func numbersAsPeopleWriteThem() {
        func fits(_ text: String) -> Bool { ValueSyntax.fits(DataElement(Self.echoTime, .DS, text: text)) }
        for text in ["", "1", " -1.50 ", "+.5", "3.", "1e-5", "1.25E+03", "1\\2\\\\3", "0.12345678901234567890"] {
            #expect(fits(text), "\(text)")
        }
        for text in ["Wimmerl 0664555", "PID-4711-99", "1.2.3", "1e", ".", "-", "12 34", "0664/1234"] {
            #expect(!fits(text), "\(text)")
        }
    }

    @Test func aRepresentationThatCouldHoldAnythingIsNone() {
        let sentence = "Nurse Wimmerl, tel 0664 1234567, daughter Anna H."
        #expect(!ValueSyntax.fits(DataElement(Self.duration, .UT, text: sentence)))
        #expect(!ValueSyntax.fits(DataElement(Self.duration, .OB, .bytes(Array(sentence.utf8)[...]))))
        #expect(!ValueSyntax.fits(DataElement(Self.maker, .OB, .bytes(Array(sentence.utf8)[...]))))
        #expect(!ValueSyntax.fits(DataElement(Self.maker, .DS, text: "Wimmerl")))
        #expect(!ValueSyntax.fits(DataElement(.modality, .CS, text: sentence)))
        #expect(!ValueSyntax.fits(DataElement(.pixelData, .UT, text: sentence)))
        #expect(ValueSyntax.fits(DataElement(Self.duration, .DS, text: "1.5")))
        #expect(ValueSyntax.fits(DataElement(Self.echoTime, .FD, .bytes([0, 0, 0, 0, 0, 0, 0, 64]))))
        #expect(ValueSyntax.fits(DataElement(Self.maker, .UT, text: sentence)))
        #expect(ValueSyntax.fits(DataElement(Tag(0x0018, 0x0015), .CS, text: "Head\\NECK")))
        #expect(ValueSyntax.fits(DataElement(Tag(0x0028, 0x3006), .OW, .bytes([1, 2]))))
    }

    @Test func datesUIDsAndAgesToo() {
        func fits(_ vr: ValueRepresentation, _ text: String) -> Bool {
            ValueSyntax.fits(DataElement(Tag(0x0009, 0x1001), vr, text: text))
        }
        #expect(fits(.DA, "20200317") && fits(.DA, "2020.03.17") && !fits(.DA, "tomorrow"))
        #expect(fits(.DT, "20200317101112.5+0100") && !fits(.DT, "on Tuesday"))
        #expect(fits(.UI, "1.2.840") && !fits(.UI, "1.2.Jane"))
        #expect(fits(.AS, "045Y") && !fits(.AS, "Jane"))
    }

    @Test func whatDoesNotFitGoesAndIsTold() throws {
        let file = try makeFile(
            [
                DataElement(Self.duration, .UT, text: "Nurse Wimmerl"),
                DataElement(Tag(0x0018, 0x0050), .DS, text: "Wimmerl 0664555"),
                DataElement(Tag(0x0020, 0x0013), .IS, text: "of Wimmerl"),
                DataElement(Tag(0x0028, 0x0030), .DS, text: "0.5\\0.5"),
            ], sopClass: "1.2.840.10008.5.1.4.1.1.2")
        let cleaner = try makeCleaner()
        let cleaned = try cleaner.clean(file, path: "a")
        #expect(cleaned.dataSet[Self.duration] == nil)
        // Type 2 in CT images, where only a number may stand.
        #expect(cleaned.dataSet[Tag(0x0018, 0x0050)]?.isEmpty == true)
        #expect(cleaned.dataSet[Tag(0x0020, 0x0013)]?.isEmpty != false)
        #expect(cleaned.dataSet.text(Tag(0x0028, 0x0030)) == "0.5\\0.5")
        #expect(cleaned.warnings.count == 3)
        var check = PolicyCheck(cleaner.book, sopClass: "1.2.840.10008.5.1.4.1.1.2")
        check.check(file.dataSet)
        for tag in [Self.duration, Tag(0x0018, 0x0050), Tag(0x0020, 0x0013)] {
            #expect(check.problems.contains { $0.hasPrefix("\(tag)") })
        }
        var again = PolicyCheck(cleaner.book, sopClass: "1.2.840.10008.5.1.4.1.1.2")
        again.check(cleaned.dataSet)
        #expect(again.problems == [])
    }

    /// Codes mean something by their places: one that is none takes no other along.
    @Test func ofSeveralCodesOnlyTheOddOneGoes() throws {
        let type = DataSets.Tag(0x0008, 0x0008)
        let file = try makeFile([DataElement(type, .CS, text: "DERIVED\\PRIMARY\\CALLED BY NURSE WIMMERL\\M")])
        let cleaner = try makeCleaner()
        let cleaned = try cleaner.clean(file, path: "a")
        #expect(cleaned.dataSet.text(type) == "DERIVED\\PRIMARY\\REMOVED\\M")
        #expect(cleaned.warnings.count == 1)
        var check = PolicyCheck(cleaner.book, sopClass: "1.2.840.10008.5.1.4.1.1.7")
        check.check(cleaned.dataSet)
        #expect(check.problems == [])
    }

    @Test func safePrivateElementsToo() throws {
        let creator = DataElement(Tag(0x7053, 0x0042), .LO, text: "Philips PET Private Group")
        for (vr, text) in [(ValueRepresentation.DS, "half of Wimmerl's"), (.UT, "Wimmerl")] {
            let file = try makeFile([creator, DataElement(Tag(0x7053, 0x4200), vr, text: text)])
            let cleaned = try makeCleaner([.retainSafePrivate]).clean(file, path: "a").dataSet
            #expect(!cleaned.elements.contains { $0.tag.isPrivate })
        }
    }
}
