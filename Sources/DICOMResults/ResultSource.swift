public import DataSets

/// What results take over from the images that they are about: whose they are and in which study they belong.
public struct ResultSource: Sendable {
    /// Patient and study modules (PS3.3 C.7.1.1, C.7.2), text in UTF-8.
    let patientAndStudy: DataSet
    let studyInstanceUID: String
    let seriesInstanceUID: String
    let seriesNumber: Int?
    let modality: String
    /// When the images were made, as far as they say: YYYYMMDD, HHMMSS.
    let date: String
    let time: String
    /// Frame of Reference module; empty where the images have none.
    let frameOfReference: [DataElement]
    /// Body Part Examined where it is told, and Laterality, empty where neither is (General Series).
    let bodyPart: [DataElement]
    /// What a picture made of the images must say as they do.
    let pictureElements: [DataElement]
    /// What was guessed of patient and study, or is left out.
    public let warnings: [ResultWarning]

    /// - Parameter header: of one of the images, as it is, or as it was cleaned.
    /// - Throws: `ResultError` when it belongs to no study, or has UIDs that are none.
    public init(_ header: DataSet) throws(ResultError) {
        let charset = CharacterSet(header["SpecificCharacterSet"])
        var texts = HeaderText()
        func copies(_ keywords: [String]) -> [DataElement] {
            keywords.compactMap { header[$0] }.compactMap { texts.taken($0, from: charset) }
        }
        func text(_ keyword: String) -> String { header[keyword]?.plainText ?? "" }
        (studyInstanceUID, seriesInstanceUID) = (text("StudyInstanceUID"), text("SeriesInstanceUID"))
        guard !studyInstanceUID.isEmpty, !seriesInstanceUID.isEmpty else {
            throw ResultError(
                "the image has no Study or Series Instance UID, so that its results would belong to nobody")
        }
        for keyword in ["StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"] {
            let uid = text(keyword)
            guard uid.isEmpty || UID.isValid(uid) else { throw ResultError(notAUID: Tag(keyword: keyword)!) }
        }
        var known = DataSet(of: Self.requiredKeywords.map { .text($0, "") })
        known.add(copies(Self.requiredKeywords + Self.optionalKeywords))
        patientAndStudy = known
        (seriesNumber, modality) = (Int(text("SeriesNumber")), text("Modality"))
        let frame = text("FrameOfReferenceUID")
        frameOfReference =
            frame.isEmpty
            ? [] : [.text("FrameOfReferenceUID", frame), .text("PositionReferenceIndicator", "")]
        // Type 2C: of paired parts, and of parts that nobody names.
        bodyPart =
            text("BodyPartExamined").isEmpty
            ? [.text("Laterality", text("Laterality"))] : copies(["BodyPartExamined", "Laterality"])
        pictureElements = copies(Self.pictureKeywords)
        let moments = Self.moments.lazy.map { (text($0), text($1)) }
        let moment = moments.first { date, _ in isDate(date) }
        date = moment?.0 ?? "19000101"
        let clock = moment?.1 ?? ""
        time = isTime(clock) ? String(clock.prefix { $0 != "." }) : "000000"
        warnings = texts.warnings
    }

    /// Type 2: there, if empty.
    private static let requiredKeywords = [
        "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyInstanceUID", "StudyDate", "StudyTime",
        "ReferringPhysicianName", "StudyID", "AccessionNumber",
    ]
    private static let optionalKeywords = [
        "IssuerOfPatientID", "OtherPatientIDsSequence", "PatientIdentityRemoved", "DeidentificationMethod",
        "DeidentificationMethodCodeSequence", "LongitudinalTemporalInformationModified", "StudyDescription",
        "PatientAge", "PatientSize", "PatientWeight", "TimezoneOffsetFromUTC", "ClinicalTrialSponsorName",
        "ClinicalTrialProtocolID", "ClinicalTrialProtocolName", "ClinicalTrialSiteID", "ClinicalTrialSiteName",
        "ClinicalTrialSubjectID", "ClinicalTrialSubjectReadingID", "ClinicalTrialTimePointID",
    ]
    private static let pictureKeywords = [
        "BurnedInAnnotation", "RecognizableVisualFeatures", "LossyImageCompression", "LossyImageCompressionRatio",
        "LossyImageCompressionMethod",
    ]
    /// The nearer to the image the better.
    private static let moments = [
        ("ContentDate", "ContentTime"), ("AcquisitionDate", "AcquisitionTime"), ("SeriesDate", "SeriesTime"),
        ("StudyDate", "StudyTime"),
    ]
}

/// Why no result can be made; in words without patient data.
public struct ResultError: Error, Sendable {
    public let message: String
    public init(_ message: String) { self.message = message }

    init(notAUID tag: Tag) {
        self.init(
            "\(tag) of the image is no valid UID (PS3.5 9.1: digits and dots, at most 64), and no archive would take what "
                + "refers to it; leave out dicom:")
    }
}
