import DataSets
import Testing
import Volumes

@testable import DICOMResults

@Suite struct MeasurementReportTests {
    /// Nodes of a tree by the code of their concept, depth first.
    private func nodes(_ code: String, in node: DataSet) -> [DataSet] {
        let own = node.item("ConceptNameCodeSequence").value("CodeValue") == code ? [node] : []
        return own + (node["ContentSequence"]?.items ?? []).flatMap { nodes(code, in: $0) }
    }

    @Test func aReportBelongsToTheStudyOfItsImages() throws {
        let report = try reread(makeResults().report())
        let dataSet = report.dataSet
        #expect(report.meta.value("MediaStorageSOPClassUID") == "1.2.840.10008.5.1.4.1.1.88.33")
        #expect(dataSet.value("StudyInstanceUID") == "1.2.3" && dataSet.value("SeriesInstanceUID") != "1.2.3.4")
        #expect(dataSet.value("PatientName") == "Müller^Ada" && dataSet.value("SpecificCharacterSet") == "ISO_IR 192")
        // An item with a character set of its own.
        let other = DataSet(of: [
            .text("SpecificCharacterSet", "ISO_IR 144"), .bytes("PatientID", [0xD6, 0x34]),
        ])
        let item = try reread(makeResults(header: makeHeader([.items("OtherPatientIDsSequence", [other])])).report())
            .dataSet.item("OtherPatientIDsSequence")
        #expect(item.value("PatientID") == "ж4" && item["SpecificCharacterSet"] == nil)
        #expect(dataSet.value("PatientID") == "42" && dataSet["AccessionNumber"]?.isEmpty == true)
        #expect(dataSet.value("ContentDate") == "20260204" && dataSet.value("ContentTime") == "101500")
        #expect(dataSet.value("SeriesNumber") == "501" && dataSet.value("VerificationFlag") == "UNVERIFIED")
        let evidence = dataSet.item("CurrentRequestedProcedureEvidenceSequence").item("ReferencedSeriesSequence")
        #expect(evidence.value("SeriesInstanceUID") == "1.2.3.4")
        #expect(
            evidence["ReferencedSOPSequence"]?.items?.map { $0.value("ReferencedSOPInstanceUID") }
                == ["1.2.3.4.0", "1.2.3.4.1", "1.2.3.4.2", "1.2.3.4.3"])
    }

    @Test func eachFindingIsAGroupWithItsBoxOnItsImage() throws {
        let tree = try reread(makeResults().report()).dataSet
        #expect(tree.item("ContentTemplateSequence").value("TemplateIdentifier") == "1500")
        let groups = nodes("125007", in: tree)
        #expect(groups.count == 3)
        #expect(nodes("121071", in: groups[0])[0].item("ConceptCodeSequence").value("CodeValue") == "393564001")
        let region = nodes("111030", in: groups[0])[0]
        #expect(region.value("GraphicType") == "POLYLINE")
        #expect(region.floats("GraphicData") == [1.2, 2, 4.9, 2, 4.9, 3.4, 1.2, 3.4, 1.2, 2])
        let image = region.item("ContentSequence").item("ReferencedSOPSequence")
        #expect(image.value("ReferencedSOPInstanceUID") == "1.2.3.4.1" && image["ReferencedFrameNumber"] == nil)
        func measured(_ code: String, _ group: Int) -> DataSet? {
            nodes(code, in: groups[group]).first?.item("MeasuredValueSequence")
        }
        #expect(measured("111012", 0)?.value("NumericValue") == "93.46")
        // 3.7 columns of 0.5 mm, 1.4 rows of 0.25 mm.
        #expect(measured("103355008", 0)?.value("NumericValue") == "1.85")
        #expect(measured("121207", 0)?.value("NumericValue") == "0.35")
        #expect(measured("122157", 2)?.value("NumericValue") == "98.76")
    }

    @Test func aClassThatNobodyKnowsHasACodeOfItsOwn() throws {
        let group = nodes("125007", in: try reread(makeResults().report()).dataSet)[1]
        let code = nodes("121071", in: group)[0].item("ConceptCodeSequence")
        #expect(code["CodeValue"] == nil && code.value("LongCodeValue") == "a class with a rather long name")
        #expect(code.value("CodingSchemeDesignator") == "99HILUM")
    }

    @Test func withoutFindingsTheReportSaysSo() throws {
        let tree = try reread(makeResults(findings: []).report()).dataSet
        #expect(nodes("111030", in: tree).isEmpty)
        #expect(nodes("121071", in: tree).last?.value("TextValue").hasPrefix("Nothing was found") == true)
    }

    @Test func theReportTellsItsThresholdAndWhatWasCut() throws {
        func summary(_ change: (inout DICOMResults) -> Void) throws -> String {
            var results = try makeResults()
            results.threshold = 0.02
            change(&results)
            return try nodes("121071", in: reread(results.report()).dataSet).last?.value("TextValue") ?? ""
        }
        #expect(try summary { _ in } == "2 found at or above the threshold 0.02.")
        #expect(
            try summary { $0.count = 27 }
                == "27 found at or above the threshold 0.02; 2 of them, the surest, are reported.")
        #expect(
            try summary { ($0.findings, $0.count) = ([], 0) } == "Nothing was found at or above the threshold 0.02.")
    }

    @Test func theSameFindingsAreTheSameObjectAndOthersAnother() throws {
        let first = try makeResults().report().bytes
        #expect(try makeResults().report().bytes == first)
        var other = try makeResults()
        other.findings[0].confidence = 0.93446
        let (one, two) = (try PartTenFile(ByteSource(first)), try reread(other.report()))
        for keyword in ["SOPInstanceUID", "SeriesInstanceUID"] {
            #expect(one.dataSet.value(keyword) != two.dataSet.value(keyword))
        }
        #expect(one.meta.value("MediaStorageSOPInstanceUID") == one.dataSet.value("SOPInstanceUID"))
    }

    @Test func aDateThatIsNoneIsNotTakenOver() throws {
        let header = makeHeader([.text("ContentDate", "2026.02.04"), .text("StudyTime", "ten")])
        let source = try ResultSource(header)
        #expect(source.date == "20260203" && source.time == "000000")
        #expect(throws: ResultError.self) { try ResultSource(makeHeader(without: ["StudyInstanceUID"])) }
    }

    @Test(arguments: [(1.0 / 3, "0.333333333333"), (-1234567.123456789, "-1234567.1234568"), (1e-7, "1e-07")])
    func decimalsHaveSixteenCharacters(value: Double, text: String) {
        #expect(decimal(value) == text && text.count <= 16)
    }
}
