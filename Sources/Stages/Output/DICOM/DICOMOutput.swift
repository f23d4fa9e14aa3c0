import DICOMResults
import Pipelines
import Volumes

/// Objects that results are written as; named by the DICOM modality of each, secondary captures by what they are.
public enum DICOMResultKind: String, CaseIterable, Sendable {
    case sr, seg, pr, sc
}

extension Output<Item> {
    /// `dicom: [sr, seg, pr, sc]`: what was found, as objects of the study that the images are from.
    static let dicom = Output(
        name: "dicom",
        summary: "What was found as DICOM objects of the same study: structured report by TID 1500 (sr), boxes as a "
            + "segmentation (seg) and as a presentation state (pr), overlays as secondary captures (sc). Of DICOM images only.",
        formats: DICOMResultKind.allCases.map(\.rawValue), requires: [.image, .findings]
    ) { item, format, _ in
        let found = try ItemResults(item)
        // Drawn once: they are no patient's name.
        let pictures = format == DICOMResultKind.sc.rawValue ? resultPictures(of: item) : []
        func objects(_ results: DICOMResults) throws -> [EncodedResult] {
            switch DICOMResultKind(rawValue: format)! {
            case .sr: [results.report()]
            case .seg: [try results.segmentation()].compactMap(\.self)
            case .pr: try results.presentations()
            case .sc: results.captures(pictures)
            }
        }
        let files = try objects(found.results)
        try found.prove(files, beside: objects)
        return files.enumerated().map { number, file in
            OutputFile(
                suffix:
                    ".\(format)\(files.count > 1 || format == DICOMResultKind.sc.rawValue ? "-\(number + 1)" : "").dcm",
                bytes: file.bytes)
        }
    }
}

private func resultPictures(of item: Item) -> [ResultPicture] {
    overlayPictures(of: item).map { slice, canvas in
        ResultPicture(
            width: canvas.width, height: canvas.height, bytes: canvas.pixels,
            slice: FindingPlace.slice(.wholeSlice(slice, of: item.volume.shape), in: item))
    }
}
