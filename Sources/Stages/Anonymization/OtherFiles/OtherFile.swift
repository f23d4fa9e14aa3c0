import Cryptography
import Deidentification
import Files
import NIfTI

/// A file beside DICOM's images that can be de-identified, and whose it is.
struct OtherFile: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case nifti, sidecar, table, bValues, bVectors, png, jpeg

        /// What a file is by its content and, where that does not tell, its name; nil for anything else.
        init?(_ format: FileFormat?, path: String) {
            switch format {
            case .nifti: self = .nifti
            case .png: self = .png
            case .jpeg: self = .jpeg
            case .dicom: return nil
            case nil:
                switch SplitName(FileWalk.lastPart(path)).suffix {
                case ".json": self = .sidecar
                case ".bval": self = .bValues
                case ".bvec": self = .bVectors
                case _ where TableCleaner.kind(of: path) != nil: self = .table
                default: return nil
                }
            }
        }
    }

    let kind: Kind
    let subject: Subject
    let tree: TreeNames
    /// Whether the subject is a person as far as is known: of tables and descriptions of a whole data set it is not.
    var isAboutPerson = true
    /// Files that the result depends on beside the file itself: the voxels of a pair.
    var companions: [String] = []
    /// What was noticed of whose it is.
    var warnings: [String] = []

    /// Decides the result together with the files' content.
    func context(_ names: Pseudonyms) -> String {
        let participants = kind == .sidecar || kind == .table ? tree.fingerprint : ""
        return "\(kind) \(subject.pseudonym) \(participants)"
    }
}

extension AnonymizationInput {
    /// Of the bytes that decide the result, and of what else does.
    func digest(_ names: Pseudonyms) throws(FileError) -> String {
        var digests = [try file.digest()]
        for path in other?.companions ?? [] { digests.append(try InputDigest.of(file: path)) }
        if let other { digests.append(other.context(names)) }
        if head?.isPatientOfStudy == true { digests.append(names.name("patient\u{1F}\(identity)", .path)) }
        return digests.joined(separator: "\n")
    }
}
