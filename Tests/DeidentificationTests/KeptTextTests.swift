import DataSets
import Testing

@testable import Deidentification

/// Texts that no rule of Table E.1-1 speaks of.
@Suite struct KeptTextTests {
    private static let windowExplanation = DataSets.Tag(0x0028, 0x1055)

    private func cleaned(_ elements: DataElement...) throws -> DataSet {
        let study = DataElement(Tag(0x0008, 0x0020), .DA, text: "20200317")
        return try makeCleaner([.retainModifiedDates]).clean(makeFile([study] + elements), path: "a").dataSet
    }

    /// Explanations and names that people type.
    @Test(arguments: [
        Tag(0x0028, 0x0A04), windowExplanation, Tag(0x0028, 0x3003), Tag(0x0040, 0xA492), Tag(0x0018, 0x0034),
        Tag(0x0008, 0x2120), Tag(0x0008, 0x2127), Tag(0x0018, 0x9524),
    ]) func explanationsAreCleaned(_ tag: DataSets.Tag) throws {
        let text = try cleaned(DataElement(tag, .LO, text: "Lung, Dr. Wimmerl 0664 1234567")).text(tag)
        #expect(!text.contains("Wimmerl") && !text.contains("0664"))
    }

    @Test(arguments: ["WINDOW1\\WINDOW2", "BRAIN\\BONE", "LUNG", "NORMAL"])
    func explanationsOfTheFieldStay(_ text: String) throws {
        let element = DataElement(Self.windowExplanation, .LO, text: text)
        #expect(try cleaned(element).text(Self.windowExplanation) == text)
    }

    @Test(arguments: [("99HOSP", "Thorax"), ("", "Thorax"), ("DCM", "Thorax of Wimmerl")])
    func meaningsOfLocalCodesAreCleaned(_ scheme: String, _ expected: String) throws {
        let region = DataSets.Tag(0x0008, 0x2218)
        let code = DataSet([
            DataElement(.codeValue, .SH, text: "K17"), DataElement(.codingSchemeDesignator, .SH, text: scheme),
            DataElement(.codeMeaning, .LO, text: "Thorax of Wimmerl"),
        ])
        let item = try #require(try cleaned(DataElement(region, .SQ, .items([code])))[region]?.items?.first)
        #expect(item.text(.codeMeaning).contains("Wimmerl") == expected.contains("Wimmerl"))
        #expect(item.text(.codeMeaning).hasPrefix("Thorax"))
    }

    @Test(arguments: [
        "17. März 2020", "17 mars 2020", "17 marzo 2020", "17 de março de 2020", "17 maart 2020", "17MRZ20",
        "2020年3月17日", "3/17/20", "17/3/20", "2020077", "March 17th, 2020", "17.Mär.2020", "2020/077",
        "t1584437472",
    ]) func aTrueDateIsFoundInWords(_ text: String) throws {
        let versions = DataSets.Tag(0x0018, 0x1020)
        let charset = DataElement(Tag(0x0008, 0x0005), .CS, text: "ISO_IR 192")
        #expect(try cleaned(charset, DataElement(versions, .LO, text: "x \(text)")).text(versions) == "")
    }

    @Test(arguments: ["3.17.20", "18 mars 2020", "2020078", "17 mares 2020", "3/17/21", "T2 2020", "17 3 2"])
    func otherNumbersAreNoDate(_ text: String) throws {
        let versions = DataSets.Tag(0x0018, 0x1020)
        #expect(try cleaned(DataElement(versions, .LO, text: text)).text(versions) == text)
    }

    /// Declared as one set and written in another, or not declared.
    @Test func namesAreFoundInOtherEncodingsThanTheirOwn() throws {
        let versions = DataSets.Tag(0x0018, 0x1020)
        let chinese = CharacterSet(["GB18030"])
        let latin = CharacterSet(["ISO_IR 100"])
        let cases: [(term: String?, name: [UInt8], text: [UInt8])] = [
            ("ISO_IR 100", Array("Müller^Jürgen".utf8), latin.encode("v Müller 1")!),
            (nil, Array("Müller^Jürgen".utf8), latin.encode("v Müller 1")!),
            (nil, latin.encode("Müller^Jürgen")!, Array("v Müller 1".utf8)),
            (nil, chinese.encode("欧阳^小东")!, chinese.encode("v 欧阳小东1")!),
            (nil, chinese.encode("欧阳^小东")!, Array("欧阳".utf8)),
        ]
        for (term, name, text) in cases {
            var elements = [
                DataElement(.patientName, .PN, .bytes(name[...])), DataElement(versions, .LO, .bytes(text[...])),
            ]
            if let term { elements.append(DataElement(Tag(0x0008, 0x0005), .CS, text: term)) }
            let dataSet = try makeCleaner().clean(makeFile(elements), path: "a").dataSet
            #expect(dataSet.text(versions) == "", "\(name)")
        }
    }

    /// File systems of Apple's part a letter from its mark.
    @Test func wordsOfAPathAreFoundInOtherForms() throws {
        let versions = DataSets.Tag(0x0018, 0x1020)
        for text in ["Kühnelt 3", "KUEHNELT", "kuhnelt"] {
            let file = try makeFile([
                DataElement(versions, .LO, text: text), DataElement(Tag(0x0008, 0x0005), .CS, text: "ISO_IR 192"),
            ])
            #expect(try makeCleaner().clean(file, path: "Ku\u{308}hnelt/a.dcm").dataSet.text(versions) == "", "\(text)")
        }
    }
}
