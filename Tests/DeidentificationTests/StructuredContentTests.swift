import DataSets
import Testing

@testable import Deidentification

/// Structured content by Table E.3.4-1.
@Suite struct StructuredContentTests {
    private static let report = "1.2.840.10008.5.1.4.1.1.88.33"

    private func code(_ value: String, _ scheme: String, _ meaning: String = "meaning") -> DataElement.Value {
        .items([
            DataSet([
                DataElement(.codeValue, .SH, text: value), DataElement(.codingSchemeDesignator, .SH, text: scheme),
                DataElement(.codeMeaning, .LO, text: meaning),
            ])
        ])
    }

    private func item(
        _ type: String, _ concept: String, _ scheme: String = "DCM", _ meaning: String = "meaning",
        value: DataElement...
    ) -> DataSet {
        var item = DataSet([
            DataElement(.valueType, .CS, text: type),
            DataElement(.conceptNameCodeSequence, .SQ, code(concept, scheme, meaning)),
        ])
        for element in value { item.set(element) }
        return item
    }

    private func years(_ age: String) -> DataElement {
        let measured = DataSet([
            DataElement(.measurementUnitsCodeSequence, .SQ, code("a", "UCUM")),
            DataElement(.floatingPointValue, .FD, .bytes([0, 0, 0, 0, 0, 0xC0, 0x57, 0x40])),
            DataElement(.numericValue, .DS, text: age),
        ])
        return DataElement(.measuredValueSequence, .SQ, .items([measured]))
    }

    private func file(age: String) throws -> PartTenFile {
        let items = [
            item("NUM", "121033", value: years(age)),
            item("CODE", "121032", value: DataElement(Tag(0x0040, 0xA168), .SQ, code("F", "DCM"))),
            item("NUM", "121401", value: years(age)),
            item(
                "IMAGE", "121080",
                value: DataElement(
                    Tag(0x0008, 0x1199), .SQ,
                    .items([DataSet([DataElement(Tag(0x0008, 0x1155), .UI, text: "1.2.3.4")])]))),
        ]
        return try makeFile([DataElement(.contentSequence, .SQ, .items(items))], sopClass: Self.report)
    }

    private func concepts(_ options: Set<ProfileOption>) throws -> [String] {
        let cleaner = try makeCleaner(options)
        let original = try file(age: "95")
        let cleaned = try cleaner.clean(original, path: "a")
        var check = PolicyCheck(cleaner.book, sopClass: Self.report)
        check.check(cleaned.dataSet)
        #expect(check.problems == [])
        check.check(original.dataSet)
        #expect(check.problems.contains { $0.hasPrefix("\(DataSets.Tag.contentSequence)") || $0.contains("A300") })
        return (cleaned.dataSet[.contentSequence]?.items ?? []).map {
            $0[.conceptNameCodeSequence]?.items?.first?.text(.codeValue) ?? ""
        }
    }

    /// Subject Age and Sex are X; numbers and codes that the table doesn't name stay.
    @Test func theSubjectsAgeAndSexGo() throws {
        #expect(try concepts([]) == ["121401", "121080"])
        #expect(try concepts([.cleanStructuredContent]) == ["121401"])
        #expect(try concepts([.retainPatientCharacteristics]) == ["121033", "121032", "121401", "121080"])
        #expect(
            try concepts([.cleanStructuredContent, .retainPatientCharacteristics]) == ["121033", "121032", "121401"])
    }

    @Test func theSubjectsAgeEndsAtNinety() throws {
        for (age, expected) in [("45", "45"), ("95", "90")] {
            let cleaned = try makeCleaner([.retainPatientCharacteristics]).clean(file(age: age), path: "a")
            let measured = cleaned.dataSet[.contentSequence]?.items?.first?[.measuredValueSequence]?.items?.first
            #expect(measured?.text(.numericValue) == expected)
            #expect((measured?[.floatingPointValue] == nil) == (age == "95"))
        }
    }

    /// By codes of other schemes it is the same, and under any concept that means an age no more is told.
    @Test func agesUnderOtherConceptsEndAtNinety() throws {
        func ages(_ options: Set<ProfileOption>) throws -> [String] {
            let items = [
                item("NUM", "30525-0", "LN", "Age", value: years("93")),
                item("NUM", "X1", "99HOSP", "Age at diagnosis", value: years("91")),
                item("NUM", "X2", "99HOSP", "Duration", value: years("94")),
            ]
            let file = try makeFile([DataElement(.contentSequence, .SQ, .items(items))], sopClass: Self.report)
            return try makeCleaner(options).clean(file, path: "a").dataSet[.contentSequence]?.items?.map {
                $0[.measuredValueSequence]?.items?.first?.text(.numericValue) ?? ""
            } ?? []
        }
        #expect(try ages([.retainPatientCharacteristics]) == ["90", "90", "94"])
        #expect(try ages([]) == ["90", "94"])
    }
}
