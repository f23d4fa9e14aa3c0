import Cryptography
import DataSets
import Volumes

extension DICOMResults {
    /// A Comprehensive SR by TID 1500 "Measurement Report" (PS3.16): a group for each finding by TID 1410, with its box as
    /// coordinates on the image, confidence, its band, and width and height in mm where pixels have a size; and a group
    /// by TID 1501 for the image as a whole.
    public func report() -> EncodedResult {
        let series = ResultSeries(
            source: source, maker: maker, modality: "SR", number: 1, sopClassUID: "1.2.840.10008.5.1.4.1.1.88.33")
        let evidence = DataSet(of: [
            .text("StudyInstanceUID", source.studyInstanceUID),
            referencedSeries(stack.instances, as: "ReferencedSOPSequence"),
        ])
        let document: [DataElement] = [
            .text("CompletionFlag", "COMPLETE"), .text("VerificationFlag", "UNVERIFIED"),
            .text("PreliminaryFlag", "PRELIMINARY"), .text("ContentDate", source.date),
            .text("ContentTime", source.time), .items("ReferencedPerformedProcedureStepSequence", []),
            .items("PerformedProcedureCodeSequence", []),
            .items("CurrentRequestedProcedureEvidenceSequence", [evidence]), Code.ownSchemeIdentification,
        ]
        return series.files([document + content])[0]
    }

    private var content: [DataElement] {
        let groups = findings.enumerated().map(group) + (abnormality.map { [wholeImage($0)] } ?? [])
        let measurements: [ContentItem] =
            groups.isEmpty ? [] : [.container(.dcm("126010", "Imaging Measurements"), groups)]
        let evaluation = ContentItem.container(
            Code("C0034375", "UMLS", "Qualitative Evaluations"),
            [
                .text(.contains, .dcm("121071", "Finding"), summary),
                .text(.contains, .dcm("121106", "Comment"), "Research software. Not for clinical use."),
            ])
        return ContentItem.root(
            .dcm("126000", "Imaging Measurement Report"), template: "1500",
            [
                .code(
                    .hasConceptModifier, .dcm("121049", "Language of Content Item and Descendants"),
                    Code("en", "RFC5646", "English"))
            ] + observer + [
                .code(
                    .hasConceptModifier, .dcm("121058", "Procedure reported"),
                    .sct("363679005", "Imaging procedure"))
            ] + measurements + [evaluation])
    }

    /// "27 found at or above the threshold 0.02; 20 of them, the surest, are reported."
    private var summary: String {
        let bound = "at or above the threshold\(threshold.map { " \(decimal($0))" } ?? "")"
        guard count > 0 else { return "Nothing was found \(bound)." }
        let share = findings.count < count ? "; \(findings.count) of them, the surest, are reported" : ""
        return "\(count) found \(bound)\(share)."
    }

    /// TID 1002 and 1004: a device observed.
    private var observer: [ContentItem] {
        let text = "\(maker.program)\u{1F}\(maker.version)\u{1F}\(maker.modelDigest)"
        return [
            .code(.hasObservationContext, .dcm("121005", "Observer Type"), .dcm("121007", "Device")),
            .uid(
                .hasObservationContext, .dcm("121012", "Device Observer UID"),
                UID.made(from: SHA256Digest.of(Array(text.utf8)))),
            .text(.hasObservationContext, .dcm("121013", "Device Observer Name"), maker.program),
            .text(.hasObservationContext, .dcm("121014", "Device Observer Manufacturer"), maker.program),
            .text(.hasObservationContext, .dcm("121015", "Device Observer Model Name"), maker.model),
        ]
    }

    /// TID 4019.
    private var algorithm: [ContentItem] {
        [
            .text(.hasConceptModifier, .dcm("111001", "Algorithm Name"), maker.model),
            .text(
                .hasConceptModifier, .dcm("111003", "Algorithm Version"),
                "\(maker.program) \(maker.version), model \(maker.modelDigest.prefix(16))"),
        ]
    }

    private func group(_ index: Int, _ finding: ResultFinding) -> ContentItem {
        let size = finding.keyBox.size
        let sizes: [ContentItem] =
            stack.geometry.isPhysical
            ? [
                .number(.sct("103355008", "Width"), size.x * stack.geometry.spacing.x, .millimeter),
                .number(.dcm("121207", "Height"), size.y * stack.geometry.spacing.y, .millimeter),
            ] : []
        return .container(
            .dcm("125007", "Measurement Group"), template: "1410",
            [
                .text(.hasObservationContext, .dcm("112039", "Tracking Identifier"), "finding \(index + 1)"),
                .uid(
                    .hasObservationContext, .dcm("112040", "Tracking Unique Identifier"), trackingUID(finding)),
                .code(.contains, .dcm("121071", "Finding"), .finding(finding.label)),
            ] + algorithm + [
                .region(
                    .dcm("111030", "Image Region"), outline: finding.outline,
                    on: stack.images[finding.keySlice]),
                .number(
                    .dcm("111012", "Certainty of Finding"), inPercent(ConfidenceBand.rounded(finding.confidence)),
                    .percent),
            ] + sizes + [
                .code(
                    .contains, Code("confidence-band", Code.ownScheme, "Band of confidence"),
                    Code(finding.band.abbreviation, Code.ownScheme, finding.band.rawValue))
            ])
    }

    private func wholeImage(_ abnormality: Double) -> ContentItem {
        let image = "image\u{1F}\(stack.images.first?.sopInstanceUID ?? "")\u{1F}\(maker.modelDigest)"
        return .container(
            .dcm("125007", "Measurement Group"), template: "1501",
            [
                .text(.hasObservationContext, .dcm("112039", "Tracking Identifier"), "image as a whole"),
                .uid(
                    .hasObservationContext, .dcm("112040", "Tracking Unique Identifier"),
                    UID.made(from: SHA256Digest.of(Array(image.utf8)))),
                .code(.contains, .dcm("121071", "Finding"), .abnormalStructure),
            ] + algorithm + [.number(.dcm("122157", "Probability"), inPercent(abnormality.roundedChance), .percent)])
    }
}

/// Of a chance with four digits, as findings.json has it.
private func inPercent(_ chance: Double) -> Double { (chance * 10_000).rounded() / 100 }
