import DICOM
import DICOMResults
import DataSets
import Deidentification
import Pipelines
import Transforms
import Volumes

/// What was found in an item, in the terms of the images that it was read from.
struct ItemResults {
    let results: DICOMResults
    /// What de-identification made of the header that patient and study are taken from; nil without it.
    private let cleaned: (file: CleanedFile, policy: Policy)?

    /// - Throws: `ItemError` when there are no such images; `ResultError`, `DataSetError`, `Refusal` and `DICOMError` of
    ///   their headers.
    init(_ item: Item) throws {
        guard let series = item.source.series else {
            throw ItemError.noStudy(of: item.source.format)
        }
        guard let slices = try SeriesReader.images(of: series, options: item.source.seriesOptions) else {
            throw ItemError(
                .noDICOMResult,
                "slices were interpolated or are tiles of a mosaic, and DICOM results speak of images as they are; "
                    + "leave out dicom:, or read the series without regrid")
        }
        let middle = series.headers[series.headers.count / 2].path
        let file = try PartTenFile(path: middle, through: .lastOfHeader)
        // The file's own header, or what de-identification makes of it.
        cleaned = try item.source.cleaner.map { (try $0.clean(file, path: ""), $0.policy) }
        let findings = item.findings?.findings ?? []
        results = DICOMResults(
            source: try ResultSource(cleaned?.file.dataSet ?? file.dataSet),
            maker: ResultMaker(
                program: "Hilum", version: hilumVersion, model: item.findings?.model ?? "",
                modelDigest: item.findings?.modelDigest ?? ""),
            stack: try item.source.stack(slices),
            findings: findings.compactMap { finding in
                FindingPlace(finding, in: item).map { place in
                    ResultFinding(
                        label: finding.label, confidence: finding.score, box: place.box, keySlice: place.keySlice,
                        // A model that looked along another axis gives boxes that cross the file's images: on the key
                        // image then lies what all of them cover.
                        keyBox: place.keyBox.size.z < 1.5 ? place.keyBox : place.box)
                }
            }, count: item.findings?.count, threshold: item.findings?.threshold,
            abnormality: item.findings?.abnormality)
    }

    /// What a reader of the objects would not see: text that was guessed, values that are none.
    var warnings: [ManifestEntry.Warning] {
        results.source.warnings.map { .init(code: $0.code, message: $0.message) }
    }

    /// Looks for original values in objects that de-identification let through, as in every released file.
    ///
    /// - Parameter objects: makes them, of whomever.
    /// - Throws: `Refusal` with code `leak`.
    func prove(_ files: [EncodedResult], beside objects: (DICOMResults) throws -> [EncodedResult]) throws {
        guard let (file, policy) = cleaned else { return }
        for (object, own) in zip(files, try objects(results.ofNobody)) {
            try file.prove(object.plan, beside: own.plan, under: policy)
        }
    }
}

extension ItemSource {
    /// - Parameter slices: the images behind the slices of the file.
    fileprivate func stack(_ slices: [SliceImage]) throws(ResultError) -> ResultStack {
        let first = slices[0].header
        // Registration moved the image and `geometry`; the file's own patient space is what headers speak of.
        var own = geometry
        own.origin = patient(geometry.origin)
        own.steps = geometry.steps.map { patient.linear($0) }
        return ResultStack(
            images: try slices.map { slice throws(ResultError) in
                try ResultImage(
                    sopClassUID: slice.header.sopClassUID,
                    sopInstanceUID: releasedUID(slice.header.sopInstanceUID) ?? "",
                    frame: slice.header.frames > 1 ? slice.frame + 1 : nil, position: slice.position,
                    rescale: slice.rescale, modalityLUT: slice.header.modalityLUT, windows: slice.header.windows,
                    voiLUTs: slice.header.voiLUTs)
            }, rows: shape.height, columns: shape.width, geometry: own,
            isInverted: first.photometricInterpretation == "MONOCHROME1", isColor: first.channels == 3)
    }

    /// As it stands in released files. Nil for an empty one, and where a pipeline that de-identifies writes no DICOM objects:
    /// it knows no released files.
    func releasedUID(_ original: String) -> String? {
        guard !original.isEmpty, isConcealed else { return original.isEmpty ? nil : original }
        return cleaner.map { $0.policy.has(.retainUIDs) ? original : $0.names.uid(original) }
    }
}

extension ItemError {
    static func noStudy(of format: String) -> ItemError {
        ItemError(
            .noDICOMResult,
            "DICOM results belong to a study, and an image of the format \(format) has none; leave out dicom:")
    }
}

extension Tag {
    /// Lossy Image Compression Method: what comes behind it are tables and pixels.
    fileprivate static let lastOfHeader = Tag(0x0028, 0x2114)
}

extension Box {
    /// All of one slice.
    static func wholeSlice(_ slice: Int, of shape: Shape) -> Box {
        Box(x: 0...Double(shape.width), y: 0...Double(shape.height), slice: slice)
    }
}
