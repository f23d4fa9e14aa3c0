public import DICOM
import Files
import Parallel
public import Pipelines
import Volumes

/// The files behind one item, found and not yet read.
public struct ItemInput: Sendable {
    public enum Content: Sendable {
        /// More than one for a NIfTI pair: the header comes first.
        case file(FileFormat, paths: [String])
        case series(Series)
        /// NIfTI files, each a channel, and the names of their sequences.
        case stack(sequences: [String], paths: [String], resamples: Bool)
    }

    public let content: Content
    /// In the order of the files behind `content` and `attachments`, relative to the INPUT.
    public let relativePaths: [String]
    /// As the headers tell it.
    public let outline: Outline
    /// False when the pixels have no size in the patient.
    public let isPhysical: Bool
    /// Labels and boxes on the image's grid.
    public var attachments: [Attachment] = []
    /// What becomes of irregular DICOM series.
    public var options = SeriesOptions()
    /// What the headers of a series show to be out of the ordinary.
    public var notes: [String] = []
    let knownDigests = InputDigests()

    public var format: FileFormat {
        switch content {
        case .file(let format, _): format
        case .series: .dicom
        case .stack: .nifti
        }
    }

    /// DICOM modality code; nil where the format has none.
    public var modality: String? {
        if case .series(let series) = content { series.modality.rawValue } else { nil }
    }

    /// Names of the DICOM transfer syntaxes of the files, each once.
    public var transferSyntaxes: [String] {
        guard case .series(let series) = content else { return [] }
        return Set(series.headers.map(\.transferSyntax.name)).sorted()
    }

    var paths: [String] {
        let own =
            switch content {
            case .file(_, let paths), .stack(_, let paths, _): paths
            case .series(let series): series.headers.map(\.path)
            }
        return own + attachments.map(\.path)
    }

    /// Each file, relative to the INPUT and in the order of names, with its digest.
    func digests(_ workers: Workers = .single) throws(FileError) -> [(path: String, digest: String)] {
        let digests = try knownDigests.of(files: paths, workers)
        return zip(relativePaths, digests).map { (path: $0, digest: $1) }
            .sorted { PathKey($0.path) < PathKey($1.path) }
    }
}
