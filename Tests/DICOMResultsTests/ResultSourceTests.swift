import DataSets
import Testing
import Volumes

@testable import DICOMResults

/// Headers that results must not repeat without a word.
@Suite struct ResultSourceTests {
    private func codes(_ elements: [DataElement]) throws -> [String] {
        try ResultSource(makeHeader(elements)).warnings.map(\.code)
    }

    @Test func textThatIsNoneOfItsCharacterSetIsNamedByItsTag() throws {
        #expect(try codes([]).isEmpty)
        let shiftJIS: [UInt8] = [0x8E, 0x52, 0x93, 0x63, 0x5E, 0x91, 0xBE, 0x98]
        for charset in ["", "ISO_IR 100", "ISO_IR 192", "ISO_IR 999"] {
            let source = try ResultSource(
                makeHeader([.text("SpecificCharacterSet", charset), .bytes("PatientName", shiftJIS)]))
            let warning = try #require(source.warnings.first { $0.code == "text-not-decodable" })
            #expect(warning.message.hasPrefix("(0010,0010) of the images"))
        }
        let item = DataSet(of: [.text("SpecificCharacterSet", "ISO_IR 192"), .bytes("PatientID", [0xFF, 0x34])])
        #expect(try codes([.items("OtherPatientIDsSequence", [item])]) == ["text-not-decodable"])
    }

    @Test func datesThatAreNoneAreLeftOut() throws {
        let source = try ResultSource(
            makeHeader([
                .text("PatientBirthDate", "01.02.1960"), .text("StudyTime", "25:00"), .text("PatientSex", "Mann"),
            ]))
        #expect(source.patientAndStudy["PatientBirthDate"]?.isEmpty == true)
        #expect(source.patientAndStudy["StudyTime"]?.isEmpty == true)
        #expect(source.patientAndStudy.value("PatientSex") == "Mann")
        #expect(source.warnings.map(\.code) == ["value-not-valid", "value-not-valid"])
        #expect(source.warnings[0].message.hasPrefix("(0010,0040) of the images"))
        #expect(source.warnings[1].message.hasPrefix("(0008,0030), (0010,0030) of the images"))
        #expect(!source.warnings.contains { $0.message.contains("1960") || $0.message.contains("Mann") })
    }

    @Test(arguments: [
        (ValueRepresentation.DA, "20260229", true), (.DA, "20261301", false), (.DA, "", true), (.TM, "10", true),
        (.TM, "101560.123456", true), (.TM, "1060", false), (.TM, "10.5", false), (.AS, "045Y", true),
        (.AS, "45Y", false),
        (.CS, "YES", true), (.CS, "yes", false), (.DS, "1.5e-3", true), (.DS, "1,5", false),
        (.SH, "12345678901234567", false),
        (.PN, "A^B=C^D=E", true), (.PN, "A=B=C=D", false), (.LO, "a\u{85}", false), (.UI, "1.2.a", false),
    ])
    func valuesOfRepresentations(vr: ValueRepresentation, text: String, isValid: Bool) {
        #expect(isValue(text, of: vr) == isValid, "\(vr) \(text)")
    }

    @Test(arguments: ["StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"])
    func whatIsNoUIDIsNotRepeated(keyword: String) {
        for uid in ["1.2.x", String(repeating: "1", count: 65)] {
            #expect(throws: ResultError.self) { try ResultSource(makeHeader([.text(keyword, uid)])) }
        }
    }

    @Test(arguments: [("", "1.2.3"), ("1.2.840.10008.5.1.4.1.1.4", ""), ("1.2.840.10008.5.1.4.1.1.4", "1.2.A")])
    func imagesThatNothingCanReferTo(sopClass: String, instance: String) {
        #expect(throws: ResultError.self) {
            try ResultImage(
                sopClassUID: sopClass, sopInstanceUID: instance, frame: nil, position: nil, rescale: nil,
                modalityLUT: nil, windows: [])
        }
    }
}
