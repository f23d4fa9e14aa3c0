import DataSets
import Foundation
import TestSupport
import Testing

@testable import Deidentification

/// Texts that describe technique stay, and what people typed into them goes.
@Suite struct TechnicalTextTests {
    @Test(arguments: [
        "ntp1.zebulon.org", "smithson@zebulon.org", "http://pacs.zebulon.org/x", "www.zebulon.org", "Smithson^John",
        "Dr Smithson", "Dr Smithson 555-123-4567", "DR SMITHSON", "555-123-4567", "555.123.4567", "(555) 123-4567",
        "+49 89 123456", "0664 1234567", "089/1234567", "NHS9434765919", "Prof. Young", "St. Zebulon Hospital",
        "Dr Smithson, St. Zebulon Hospital, 14.03.2019", "done 14.03.2019", "2019-03-14", "14 March 2019",
        "Mercy Clinic 7T",
    ]) func personal(_ text: String) { #expect(TechnicalText.isPersonal(text, .technique)) }

    @Test(arguments: [
        "HEAD/NECK 20", "*tfl3d1_16ns", "*fl2d1", "FLASH_2D", "HeadNeck_20", "HEA;HEP", "8HRBRAIN", "32Ch Head", "B30f",
        "Hr40f", "Hr 40", "DR CHEST", "MR Head", "STANDARD", "C-RT BODY", "ROW\\2,3", "STANDARD\\1,1", "1H", "Tc-99m",
        "^18^Fluorine",
        "FDG -- fluorodeoxyglucose", "Fluorodeoxyglucose F^18^", "SmartPrep", "HELICAL MODE", "TRF_GEMS",
        "XR29 CAPABLE",
        "OSEM3D 4i5s", "PSF+TOF 3i21s", "OP-OSEM4i8s", "Model-based, 4.6cm-1", "140keV 126-154", "111111110000", "DRAN",
        "512 x 512", "5_B_50", "CardSet 1.5", "2D FBP, ramp 0.5", "T2* 3.4/5.1/7.2", "Dose: 120 kV/80 mA", "Q.Body 3D",
        "ORIGINAL", "50.80.103.002", "ISO_IR 192", "YBR_PARTIAL_420", "P/A", "A\\P", "CT_SOM5 SEQ", "MLO",
        "INTRAVENOUS", "HU", "OD",
    ]) func technique(_ text: String) { #expect(!TechnicalText.isPersonal(text, .technique)) }

    @Test(arguments: [
        "SIEMENS", "GE MEDICAL SYSTEMS", "Philips Medical Systems", "Dr. Sennewald Medizintechnik GmbH", "Mayo Clinic",
        "syngo MR 2004A 4VA25A", "MR Software release:14.0_M5A_0828.b", "27\\LX\\MR Software release:DV27.0_R01_1831.b",
        "V5.20 2010-04-28", "DR XD 1000", "5.3.0.3", "PixelMed.com Tools", "OFFIS_DCMTK_366", "TOSHIBA_MEC",
        "VA30A_20190510", "453561601281__DRIVERS.29.317__DRIVERS__[2011/05/13]-11:14:07", "51.80.108.010",
        "1.2.840.113619.6.283", "20020904",
    ]) func equipment(_ text: String) { #expect(!TechnicalText.isPersonal(text, .equipment), "\(text)") }

    @Test(arguments: ["123037004", "2019-03-14", "http", "C0040405", "SNOMED-RT", "T-D1100", "ISO 8859-1", "99HOSP"])
    func codes(_ text: String) { #expect(!TechnicalText.isPersonal(text, .vocabulary)) }

    @Test(arguments: [
        (DataSets.Tag(0x0018, 0x1801), ValueRepresentation.SH, "ntp1.zebulon.org"),
        (DataSets.Tag(0x0018, 0x7008), .LT, "smithson@zebulon.org"), (DataSets.Tag(0x0018, 0x1250), .SH, "Dr Smithson"),
        (DataSets.Tag(0x0008, 0x0070), .LO, "smithson@zebulon.org"),
        (DataSets.Tag(0x0018, 0x5101), .CS, "NHS9434765919"), (DataSets.Tag(0x0018, 0x0022), .CS, "DR SMITHSON"),
    ]) func goesFromFiles(_ tag: DataSets.Tag, _ vr: ValueRepresentation, _ text: String) throws {
        let cleaned = try makeCleaner().clean(makeFile([DataElement(tag, vr, text: text)]), path: "a")
        #expect(["", Dummy.word].contains(cleaned.dataSet.text(tag)))
    }

    @Test func filesOfScannersLoseNothing() throws {
        let folder = "\(Fixtures.root)/fixtures"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".dcm") }
        #expect(names.count > 20)
        let cleaner = try makeCleaner([.retainModifiedDates])
        for name in names {
            guard let file = try? PartTenFile(path: "\(folder)/\(name)"),
                let cleaned = try? cleaner.clean(file, path: name)
            else { continue }
            #expect(!cleaned.warnings.contains { $0.contains(TechnicalText.problem) }, "\(name)")
        }
    }

    @Test func othersOfSeveralCodesStay() throws {
        let options = DataSets.Tag(0x0018, 0x0022)
        let element = DataElement(options, .CS, text: "HELICAL MODE\\DR SMITHSON")
        let cleaned = try makeCleaner().clean(makeFile([element]), path: "a")
        #expect(cleaned.dataSet.text(options) == "HELICAL MODE\\REMOVED")
        #expect(cleaned.warnings.contains { $0.contains("reads like a person") })
    }

    @Test func whatAnEarlierMethodSaysOfPeopleGoes() throws {
        let text = "CTP\\Dr Smithson, St. Zebulon Hospital, 14.03.2019"
        let file = try makeFile([DataElement(.deidentificationMethod, .LO, text: text)])
        #expect(!(try makeCleaner().clean(file, path: "a").dataSet.text(.deidentificationMethod).contains("Smithson")))
    }

    @Test func namesOfLocalSchemesAreCleaned() throws {
        let scheme = { (designator: String) in
            DataSet([
                DataElement(.codingSchemeDesignator, .SH, text: designator),
                DataElement(Tag(0x0008, 0x0115), .ST, text: "Zebulon Codes"),
                DataElement(Tag(0x0008, 0x0116), .ST, text: "Zebulon"),
            ])
        }
        let element = DataElement(Tag(0x0008, 0x0110), .SQ, .items([scheme("99ZEB"), scheme("DCM")]))
        let items = try makeCleaner().clean(makeFile([element]), path: "a").dataSet[Tag(0x0008, 0x0110)]?.items ?? []
        #expect(items.map { $0.text(Tag(0x0008, 0x0116)) } == ["", "Zebulon"])
    }
}
