import DICOM
import Files
import JPEG
import NIfTI
import PNG

/// Image formats that Hilum reads, told apart by content and never by name.
public enum FileFormat: String, Sendable, CaseIterable {
    case dicom, nifti, png, jpeg

    /// Bytes of a file's start that tell its format.
    static let prefixLength = 4096

    /// The format of a file that begins with these bytes.
    init?(prefix: [UInt8]) {
        // NIfTI comes before DICOM: the latter, without a preamble, is known by weaker signs.
        if PNGFile.isPNG(prefix: prefix) {
            self = .png
        } else if JPEGFile.isJPEG(prefix: prefix) {
            self = .jpeg
        } else if NIfTIFile.isNIfTI(prefix: prefix) {
            self = .nifti
        } else if DICOMFile.isDICOM(prefix: prefix) {
            self = .dicom
        } else {
            return nil
        }
    }

    /// Whether a name says that the file is an image, so that other content in it is an error and not just another file.
    static func isClaimed(byName name: String) -> Bool {
        let lowered = name.lowercased()
        return [".dcm", ".dicom", ".ima", ".nii", ".nii.gz", ".hdr", ".png", ".jpg", ".jpeg"]
            .contains { lowered.hasSuffix($0) }
    }

    /// Name of the NIfTI header that a file of voxels belongs to, when it stands beside it.
    static func headerBeside(_ path: String) -> String? {
        for (voxels, header) in [(".img", ".hdr"), (".img.gz", ".hdr.gz"), (".img.gz", ".hdr")]
        where path.hasSuffix(voxels) {
            let candidate = String(path.dropLast(voxels.count)) + header
            if (try? FileBytes.size(candidate)) != nil { return FileWalk.lastPart(candidate) }
        }
        return nil
    }

    /// A file's name without what only tells its format.
    static func stem(_ name: String) -> String {
        let lowered = name.lowercased()
        for suffix in [".nii.gz", ".dicom", ".dcm", ".ima", ".nii", ".hdr", ".png", ".jpeg", ".jpg"]
        where lowered.hasSuffix(suffix) && lowered.count > suffix.count {
            return String(name.dropLast(suffix.count))
        }
        return name
    }
}
