import Deidentification
import Files
import NIfTI
import Pipelines

/// A file of another kind as the survey found it.
struct FoundOtherFile: Sendable {
    let file: FileWalk.File
    let kind: OtherFile.Kind
    /// What a sidecar says of the patient.
    var identity = PatientIdentity()
    /// How the names of its results end, by content and not by name.
    var suffixes: [String?] = [nil]
    var companions: [String] = []

    /// - Returns: nil for JSON that is no sidecar.
    /// - Throws: `NIfTIError`, `FileError`, `Refusal`.
    init?(_ file: FileWalk.File, _ kind: OtherFile.Kind) throws {
        (self.file, self.kind) = (file, kind)
        switch kind {
        case .sidecar:
            guard let found = try SidecarCleaner.identity(try FileBytes.read(file.path, limit: 64 << 20)) else {
                return nil
            }
            identity = found
        case .nifti:
            let image = try StrippedImage(path: file.path)
            suffixes = image.parts.map { image.suffix(of: $0) }
            companions = image.parts.dropFirst().map { image.path(of: $0) }
        case .png: suffixes = [".png"]
        case .jpeg: suffixes = [".jpg"]
        case .table, .bValues, .bVectors: break
        }
    }

    /// Folder and name without what tells the format: what image, sidecar and gradients have in common.
    fileprivate var stem: String {
        let path = file.relativePath
        let name = SplitName(FileWalk.lastPart(path)).stem
        return "\(folder)/\(name)"
    }

    fileprivate var folder: String { file.relativePath.split(separator: "/").dropLast().joined(separator: "/") }
    fileprivate var participant: String? { TreeNames.participant(of: file.relativePath) }
}

/// Whose the files are that are no DICOM objects. In this order:
///
/// 1. Below or in the name of a BIDS participant: the Patient ID of its sidecars where they have one, all the same and no
///    other participant's; else the participant's label.
/// 2. Elsewhere: the Patient ID, else the Study Instance UID, of the sidecar of the same stem; else the folder.
///
/// By a Patient ID a file has the name and the date offset of the patient's DICOM files.
struct OtherFileSurvey {
    let files: [FoundOtherFile]
    let cleaner: FileCleaner
    private var participants: [String: Subject] = [:]
    /// Participants whose sidecars name several patients.
    private var ambiguous: Set<String> = []
    /// Participants whose Patient ID is also another's.
    private var shared: Set<String> = []
    private var stems: [String: Subject] = [:]
    /// Stems of images and pictures.
    private let images: Set<String>

    init(_ files: [FoundOtherFile], _ cleaner: FileCleaner) {
        (self.files, self.cleaner) = (files, cleaner)
        images = Set(files.filter { [.nifti, .png, .jpeg].contains($0.kind) }.map(\.stem))
        var found: [String: Set<Subject>] = [:]
        for file in files {
            guard let subject = Subject(file.identity, rule: cleaner.policy.patientRule, key: cleaner.names.key) else {
                continue
            }
            guard let participant = file.participant else {
                // The least of several, so that the order of files does not matter.
                if let known = stems[file.stem], known.key < subject.key { continue }
                stems[file.stem] = subject
                continue
            }
            if !file.identity.id.isEmpty { found[participant, default: []].insert(subject) }
        }
        let owners = Dictionary(grouping: found.filter { $0.value.count == 1 }.keys) { found[$0]!.first!.key }
        for (participant, subjects) in found {
            guard subjects.count == 1, let subject = subjects.first else {
                ambiguous.insert(participant)
                continue
            }
            if owners[subject.key]!.count == 1 {
                participants[participant] = subject
            } else {
                shared.insert(participant)
            }
        }
    }

    /// By the place in `files`.
    func subject(_ index: Int) -> Subject {
        let file = files[index]
        if let participant = file.participant { return tree.subject(participant) }
        return stems[file.stem] ?? Subject(key: "folder\u{1F}\(file.folder)", cleaner.names.key)
    }

    var tree: TreeNames { TreeNames(cleaner.names, participants: participants) }

    /// What is done with a file: its results' paths, or why there are none.
    enum Verdict {
        case clean(OtherFile, name: String)
        case refused(ManifestEntry.Failure, isSkipped: Bool)
    }

    func verdict(_ index: Int, isTaken: (String) -> Bool) -> Verdict {
        let file = files[index]
        func refused(_ code: String, _ message: String, isSkipped: Bool = false) -> Verdict {
            .refused(.init(code: code, stage: "identity", message: message), isSkipped: isSkipped)
        }
        let ambiguousPatient = kebab(Refusal.Code.ambiguousPatient.rawValue)
        if let participant = file.participant, ambiguous.contains(participant) {
            return refused(
                ambiguousPatient,
                "sidecars of one participant have different Patient IDs; correct them, or give one to each person")
        }
        let names = file.suffixes.compactMap { tree.path(file.file.relativePath, suffix: $0) }
        guard names.count == file.suffixes.count, let name = names.first else {
            return refused(ambiguousPatient, "its name is of another participant than its folder")
        }
        guard !names.contains(where: isTaken) else {
            return refused("name-collision", "the name of its result is another file's")
        }
        var other = OtherFile(kind: file.kind, subject: subject(index), tree: tree)
        other.companions = file.companions
        other.isAboutPerson = file.participant != nil || stems[file.stem] != nil || images.contains(file.stem)
        if let participant = file.participant, shared.contains(participant) {
            other.warnings.append(
                "a Patient ID that several participants share was not taken for one patient; dates are moved by participant"
            )
        }
        return .clean(other, name: name)
    }
}
