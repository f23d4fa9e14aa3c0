import DICOM
import Files
import Pipelines

extension Item {
    /// One image file as an item of its own, for evaluation on data sets that name files.
    ///
    /// - Throws: the error of the format's module, or `FileError`.
    public init(reading path: String) throws {
        guard let format = FileFormat(prefix: try FileBytes.prefix(path, count: FileFormat.prefixLength)) else {
            throw NotAnImage(path: path)
        }
        let content: ItemInput.Content
        if format == .dicom, let series = SeriesReader.group([try DICOMFile.header(path: path)]).first {
            content = .series(series)
        } else {
            content = .file(format, paths: [path])
        }
        let input = ItemInput(
            content: content, relativePaths: [path], outline: Outline(shape: [], spacing: []), isPhysical: false)
        self = try input.readWhole(named: path, digests: [])
    }
}

/// A file that was named as an image and is none.
public struct NotAnImage: Error, CustomStringConvertible {
    public let path: String
    public var description: String { "\(path) is not a DICOM, NIfTI, PNG or JPEG file" }
}
