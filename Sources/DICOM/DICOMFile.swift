import CDCMTK
public import Files
import Volumes

/// Recognising DICOM files and reading their headers.
public enum DICOMFile {
    /// Bytes of a file's start that `isDICOM` wants to see.
    public static let prefixLength = 132

    /// True when "DICM" stands behind a 128-byte preamble (PS3.10 7.1), or when the file begins with a plausible
    /// first element of group 0002 or 0008 without preamble.
    public static func isDICOM(prefix: [UInt8]) -> Bool {
        if prefix.count >= 132, prefix[128..<132].elementsEqual("DICM".utf8) { return true }
        guard prefix.count >= 16 else { return false }
        // Tag in little or big endian; element numbers up to 0x0018 are those that can come first.
        let isLittle = [2, 8].contains(prefix[0]) && prefix[1] == 0 && prefix[3] == 0 && prefix[2] <= 0x18
        let isBig = [2, 8].contains(prefix[1]) && prefix[0] == 0 && prefix[2] == 0 && prefix[3] <= 0x18
        guard isLittle != isBig else { return false }
        if knownVRs.contains(Array(prefix[4..<6])) { return true }
        // Implicit VR exists in little endian only; the first elements are short.
        let length = prefix[4..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
        return isLittle && length <= 0x400
    }

    /// Value representations of the elements that can stand first (PS3.6): UL, CS, UI, OB, DA, TM, SH, LO.
    private static let knownVRs = ["UL", "CS", "UI", "OB", "DA", "TM", "SH", "LO"].map { Array($0.utf8) }

    /// Reads the data dictionary, which the first header waits for otherwise. For a thread that has nothing else to do.
    public static func prepare() { dcmtk_prepare() }

    /// Reads a file's attributes; parsing stops before pixel data, so that truncated pixels go unnoticed here.
    public static func header(path: String) throws(DICOMError) -> DICOMHeader { try header(of: try opened(path)) }

    /// The same of a file that is open already.
    public static func header(of bytes: FileReader) throws(DICOMError) -> DICOMHeader {
        let path = bytes.path
        let prefix = try prefix(of: bytes)
        guard isDICOM(prefix: prefix) else {
            throw DICOMError(.notDICOM, path: path, prefix.isEmpty ? "the file is empty" : "not a DICOM file")
        }
        let file = try OpenFile(path: path, headerOnly: true)
        var header = try DICOMHeader(file: file, fileSize: bytes.size)
        header.nativePixels = NativePixels(file, bytes: bytes, transferSyntaxUID: header.transferSyntaxUID)
        return header
    }

    private static func opened(_ path: String) throws(DICOMError) -> FileReader {
        do throws(FileError) { return try FileReader(path: path) } catch { throw DICOMError(error) }
    }

    private static func prefix(of file: FileReader) throws(DICOMError) -> [UInt8] {
        do throws(FileError) { return try file.bytes(count: prefixLength) } catch { throw DICOMError(error) }
    }
}

extension DICOMError {
    /// The file system refused.
    init(_ error: FileError) { self.init(.unreadable, path: error.path, error.reason) }
}
