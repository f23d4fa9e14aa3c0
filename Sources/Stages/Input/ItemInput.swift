public import DICOM
import Files
import JPEG
import NIfTI
import PNG
import Parallel
public import Pipelines
import Volumes

/// The files behind one item, found and not yet read.
public struct ItemInput: Sendable {
    public enum Content: Sendable {
        /// More than one for a NIfTI pair: the header comes first.
        case file(FileFormat, paths: [String])
        case series(Series)
    }

    public let content: Content
    /// In the order of the files behind `content`, relative to the INPUT.
    public let relativePaths: [String]
    /// As the headers tell it.
    public let outline: Outline
    /// False when the pixels have no size in the patient.
    public let isPhysical: Bool
    /// What becomes of irregular DICOM series.
    public var options = SeriesOptions()
    /// What the headers of a series show to be out of the ordinary.
    public var notes: [String] = []

    public var format: FileFormat {
        switch content {
        case .file(let format, _): format
        case .series: .dicom
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
        switch content {
        case .file(_, let paths): paths
        case .series(let series): series.headers.map(\.path)
        }
    }

    /// Digest of each file, in the order of their relative paths.
    func digests(_ workers: Workers = .single) throws(FileError) -> [(path: String, digest: String)] {
        let found = Locked([String?](repeating: nil, count: paths.count))
        try workers.forEach(paths.count) { (index) throws(FileError) in
            let digest = try InputDigest.of(file: paths[index])
            found.withLock { $0[index] = digest }
        }
        return zip(relativePaths, found.withLock { $0 }).map { ($0, $1 ?? "") }.sorted { $0.0 < $1.0 }
    }

    /// Reads the voxels.
    ///
    /// - Throws: the error of the format's module.
    func read(
        named name: String, digests: [(path: String, digest: String)], workers: Workers = .single
    ) throws -> Item {
        let volume: Volume
        var warnings: [ManifestEntry.Warning] = []
        switch content {
        case .series(let series):
            let (voxels, notes) = try SeriesReader.read(series, options: options, workers: workers)
            volume = voxels
            warnings = notes.map { .init(code: $0.code.rawValue, message: $0.message) }
        case .file(.nifti, let paths):
            let (voxels, notes) = try NIfTIFile.read(path: paths[0], options: .init(workers: workers))
            volume = voxels
            warnings = notes.map { .init(code: $0.code.rawValue, message: $0.message) }
        case .file(.jpeg, let paths): volume = try JPEGFile.read(path: paths[0])
        case .file(_, let paths): volume = try PNGFile.read(path: paths[0])
        }
        var source = ItemSource(
            format: format.rawValue, inputs: digests, geometry: volume.geometry, shape: volume.shape)
        if case .series(let series) = content {
            source.representative = series.headers[series.headers.count / 2].path
        }
        return Item(name: name, source: source, volume: volume, warnings: warnings)
    }
}
