import DataSets
import Foundation
import TestSupport
import Testing

/// `dicom:` in a pipeline and `hilum detect --dicom`: results for a PACS. What is in them is compared with others' readers in
/// `Tests/Peers/compare_results.py`.
@Suite struct DICOMResultFilesTests {
    private static let stages = """
          - rescale
          - normalize
          - detect: { threshold: 0.01, minSlices: 1 }
        outputs: { findings: json, dicom: [sr, seg, pr, sc] }
        """

    private func text(_ file: PartTenFile, _ keyword: String) -> String { file.dataSet[keyword]?.plainText ?? "" }

    @Test func resultsLieBesideTheFindingsAndBelongToTheStudy() throws {
        let scratch = try Scratch()
        let out = "\(scratch.path)/o"
        let result = try HilumCommand.run(
            "detect", "fixtures/mr_small.dcm", "-o", out, "--threshold", "0.01", "--dicom", "sr,seg", "--dicom", "pr,sc"
        )
        #expect(result.status == 0, "\(result.errors)")
        let source = try PartTenFile(path: Fixtures.path("mr_small.dcm"))
        for (suffix, modality) in [("sr", "SR"), ("seg", "SEG"), ("pr", "PR"), ("sc-1", "OT")] {
            let file = try PartTenFile(path: "\(out)/mr_small.\(suffix).dcm")
            #expect(text(file, "Modality") == modality)
            for keyword in ["PatientID", "PatientName", "StudyInstanceUID"] {
                #expect(text(file, keyword) == text(source, keyword), "\(keyword) of \(suffix)")
            }
            #expect(text(file, "SeriesInstanceUID") != text(source, "SeriesInstanceUID"))
        }
    }

    @Test func imagesWithoutAStudyFailAndTheRestIsWritten() throws {
        let scratch = try Scratch()
        let file = try scratch.write("stages:\n\(Self.stages)".utf8, "p.yaml")
        let out = "\(scratch.path)/o"
        let result = try HilumCommand.run("run", file, "fixtures/mr_small.dcm", "fixtures/gray8.png", "-o", out)
        #expect(result.status == 1)
        let manifest = try String(contentsOfFile: "\(out)/manifest.jsonl", encoding: .utf8)
        #expect(manifest.contains("\"no-dicom-result\""))
        #expect(try tree(out).keys.filter { $0.hasSuffix(".dcm") }.count == 4)
        #expect(try !tree(out).keys.contains { $0.hasPrefix("gray8") })
        let dry = try HilumCommand.run(
            "run", file, "fixtures/mr_small.dcm", "fixtures/gray8.png", "-o", "\(scratch.path)/p", "--dry-run")
        #expect(dry.output.contains("1 to do, 0 to skip, 1 would fail"), "\(dry.output)")
    }

    @Test func interpolatedSlicesAreNoImagesToSpeakOf() throws {
        let scratch = try Scratch()
        let file = try scratch.write("input: { onIrregular: regrid }\nstages:\n\(Self.stages)".utf8, "p.yaml")
        let out = "\(scratch.path)/o"
        let result = try HilumCommand.run(
            "run", file, "fixtures/ct-missing-slices", "-o", out, "--set", "stages.detect.every=100")
        #expect(result.status == 1)
        let manifest = try String(contentsOfFile: "\(out)/manifest.jsonl", encoding: .utf8)
        #expect(manifest.contains("\"no-dicom-result\"") && manifest.contains("interpolated"))
    }

    @Test(arguments: ["id", "id-and-birth-date"])
    func withoutThePatientTheyBelongToTheReleasedStudy(rule: String) throws {
        let scratch = try Scratch()
        let file = try scratch.write(
            "stages:\n  - deidentify: { patientRule: \(rule) }\n\(Self.stages)".utf8, "p.yaml")
        let (key, out, released) = ("\(scratch.path)/key", "\(scratch.path)/o", "\(scratch.path)/released")
        _ = try HilumCommand.run("key", "new", key)
        let result = try HilumCommand.run("run", file, "fixtures/mr_small.dcm", "-o", out, "--key", key)
        #expect(result.status == 0, "\(result.errors)")
        let anonymized = try HilumCommand.run(
            "anonymize", "fixtures/mr_small.dcm", "-o", released, "--key", key, "--patient-rule", rule)
        #expect(anonymized.status == 0)
        let name = try #require(try tree(released).keys.first { !$0.contains(".") })
        let (source, image) = (
            try PartTenFile(path: Fixtures.path("mr_small.dcm")), try PartTenFile(path: "\(released)/\(name)")
        )
        let results = try tree(out).filter { $0.key.hasSuffix(".dcm") }
        #expect(results.count == 4)
        let found = try #require(try tree(out).first { $0.key.hasSuffix(".findings.json") }?.value)
        let json = try #require(try JSONSerialization.jsonObject(with: found) as? [String: Any])
        #expect(json["study_instance_uid"] as? String == text(image, "StudyInstanceUID"))
        #expect(json["series_instance_uid"] as? String == text(image, "SeriesInstanceUID"))
        let location = (json["findings"] as? [[String: Any]])?.first?["location"] as? [String: Any]
        let instance = location?["key_instance"] as? [String: Any]
        #expect(instance?["sop_instance_uid"] as? String == text(image, "SOPInstanceUID"))
        for (name, data) in results {
            let object = try PartTenFile(path: "\(out)/\(name)")
            for keyword in ["PatientID", "PatientName", "StudyInstanceUID"] {
                #expect(text(object, keyword) == text(image, keyword))
                #expect(data.range(of: Data(text(source, keyword).utf8)) == nil, "\(keyword) in \(name)")
            }
            for keyword in ["SOPInstanceUID", "SeriesInstanceUID"] {
                #expect(data.range(of: Data(text(source, keyword).utf8)) == nil, "\(keyword) in \(name)")
                // What is referenced is there under the name that it was released under.
                #expect(data.range(of: Data(text(image, keyword).utf8)) != nil || name.contains(".sc-"))
            }
        }
    }

    /// An image with other elements, at the path that is given back.
    private func image(_ name: String, in scratch: Scratch, _ elements: [DataElement]) throws -> String {
        var source = try PartTenFile(path: Fixtures.path("mr_small.dcm"))
        for element in elements { source.dataSet.set(element) }
        let plan = try PartTenWriter.encode(
            meta: source.meta, source.dataSet, source.encoding, from: source.source)
        var bytes: [UInt8] = []
        try plan.forEachPart(from: source.source) { bytes.append(contentsOf: $0) }
        return try scratch.write(bytes, name)
    }

    @Test func whatNoArchiveTakesFailsAndWhatWasGuessedIsSaid() throws {
        let scratch = try Scratch()
        let nameless = try image("nameless.dcm", in: scratch, [.text("SOPInstanceUID", "")])
        let guessed = try image(
            "guessed.dcm", in: scratch,
            [
                .text("SpecificCharacterSet", ""), .bytes("PatientName", [0x8E, 0x52, 0x93, 0x63]),
                .text("SOPInstanceUID", "1.2.3.77"), .text("SeriesInstanceUID", "1.2.3.7"),
            ])
        let out = "\(scratch.path)/o"
        let result = try HilumCommand.run("detect", nameless, guessed, "-o", out, "--dicom", "sr")
        #expect(result.status == 1, "\(result.errors)")
        let entries = try manifest(out)
        func code(_ item: String) -> String? { (entries[item]?["error"] as? [String: Any])?["code"] as? String }
        #expect(entries.keys.compactMap(code) == ["no-dicom-result"], "\(entries)")
        let warnings = entries.values.flatMap { $0["warnings"] as? [[String: String]] ?? [] }
        #expect(warnings.map { $0["code"] } == ["text-not-decodable"])
    }

    @Test func patientsMayBeCalledLikeAWordOfTheReport() throws {
        let scratch = try Scratch()
        let image = try image(
            "english.dcm", in: scratch, [.text("PatientName", "English^Low"), .text("PatientID", "126000")])
        let file = try scratch.write("stages:\n  - deidentify\n\(Self.stages)".utf8, "p.yaml")
        let (key, out) = ("\(scratch.path)/key", "\(scratch.path)/o")
        _ = try HilumCommand.run("key", "new", key)
        let result = try HilumCommand.run("run", file, image, "-o", out, "--key", key)
        #expect(result.status == 0, "\(result.errors)")
        for (name, data) in try tree(out) {
            #expect(data.range(of: Data("English^Low".utf8)) == nil, "\(name)")
        }
    }

    @Test func findingsThatWereCutAreSaid() throws {
        let scratch = try Scratch()
        let out = "\(scratch.path)/o"
        let result = try HilumCommand.run(
            "detect", "fixtures/mr_small.dcm", "-o", out, "--threshold", "0.001", "--dicom", "sr", "--set",
            "stages.detect.maxFindings=1")
        #expect(result.status == 0, "\(result.errors)")
        let found = try Data(contentsOf: URL(filePath: "\(out)/mr_small.findings.json"))
        let json = try #require(try JSONSerialization.jsonObject(with: found) as? [String: Any])
        let count = try #require(json["found"] as? Int)
        #expect(count > 1 && json["threshold"] as? Double == 0.001)
        let findings = try #require(json["findings"] as? [[String: Any]])
        #expect(findings.count == 1)
        let classes = try #require(json["classes"] as? [String])
        #expect(!classes.isEmpty && classes.count == (findings[0]["class_probabilities"] as? [Double])?.count)
        #expect(classes.contains(try #require(findings[0]["type"] as? String)))
        let warnings = try manifest(out)["mr_small"]?["warnings"] as? [[String: String]]
        #expect(
            warnings?.first { $0["code"] == "findings-cut" }?["message"]?.contains("1 surest of \(count)") == true)
        let report = try Data(contentsOf: URL(filePath: "\(out)/mr_small.sr.dcm"))
        #expect(report.range(of: Data("\(count) found at or above the threshold 0.001; 1 of them".utf8)) != nil)
    }

    /// Another model may want other images.
    @Test func thePipelineOfAModelByPathIsSaid() throws {
        let scratch = try Scratch()
        for (model, isSaid) in [("./models/brain-mri-tumour", true), ("brain-mri-tumour", false), ("./nothing", false)]
        {
            let result = try HilumCommand.run(
                "detect", "fixtures/gray8.png", "-o", "\(scratch.path)/\(isSaid)", "--dry-run", "--model", model)
            #expect(
                result.errors.contains("shipped pipeline brain-mri-tumour prepares images for \(model)") == isSaid,
                "\(result.errors)")
        }
    }

    @Test func aKindThatIsNoneIsAMistake() throws {
        let scratch = try Scratch()
        let result = try HilumCommand.run(
            "detect", "fixtures/mr_small.dcm", "-o", "\(scratch.path)/o", "--dicom", "sr,ko")
        #expect(result.status == 2 && result.errors.contains("'ko'"))
        #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/o"))
    }
}
