import Cryptography
import DataSets
import Deidentification
import Files
import NIfTI
import Parallel
import Pipelines

/// Looks at the beginnings of all files before the first is worked on, because some things only show beside others: one
/// Patient ID with two birth dates, one object that is there twice, two objects whose short names meet.
struct AnonymizationSurvey {
    let inputs: [String]
    let output: String
    let cleaner: FileCleaner
    let layout: OutputLayout
    let workers: Workers

    /// One unit a file, under the name of its result; files without one get a keyed name below `refused/`.
    func units() -> [WorkUnit<AnonymizationInput>] { run().units }

    /// - Returns: also the DICOMDIRs, which are made anew.
    func run() -> (units: [WorkUnit<AnonymizationInput>], directories: [FileWalk.File]) {
        var walk = FileWalk(inputs: inputs, excluding: output)
        var files: [FileWalk.File] = []
        var units: [WorkUnit<AnonymizationInput>] = []
        walk.run { event in
            switch event {
            case .file(let file): files.append(file)
            case .unusable(let path, let isFailure, let code, let message):
                let reason = ManifestEntry.Failure(code: code, stage: "read", message: message)
                units.append(refused(path, reason, isSkipped: !isFailure))
            }
            return !Interruption.isRequested
        }
        let heads = Locked([Examined?](repeating: nil, count: files.count))
        let found = files
        workers.forEach(found.count) { index in
            if Interruption.isRequested { return }
            let examined = Self.examine(found[index])
            heads.withLock { $0[index] = examined }
        }
        let examined = heads.withLock { $0 }
        let directories = zip(files, examined).compactMap { file, examined in
            if case .head(let head) = examined, head.isDirectory { file } else { nil }
        }
        return (units + verdicts(files, examined), directories)
    }

    private func contradiction(_ reason: String) -> ManifestEntry.Failure {
        ManifestEntry.Failure(
            code: kebab(Refusal.Code.ambiguousPatient.rawValue), stage: "identity",
            message: "files of one Patient ID have different \(reason); correct them, or tell patients apart "
                + "by more than the ID (--patient-rule id-and-issuer or id-and-birth-date)")
    }

    private enum Examined: Sendable {
        case head(FileHead)
        case beside(FoundOtherFile)
        case other(ManifestEntry.Failure, isSkipped: Bool)

        var identity: PatientIdentity? {
            switch self {
            case .head(let head): head.isDirectory ? nil : head.identity
            case .beside(let file): file.identity
            case .other: nil
            }
        }
    }

    private static func examine(_ file: FileWalk.File) -> Examined {
        do {
            let format = FileFormat(prefix: try FileBytes.prefix(file.path, count: FileFormat.prefixLength))
            if let kind = OtherFile.Kind(format, path: file.relativePath), let found = try FoundOtherFile(file, kind) {
                return .beside(found)
            }
            guard format == .dicom else {
                if FileFormat.headerBeside(file.path) != nil {
                    let reason = ManifestEntry.Failure(
                        code: "part-of-pair", stage: "read", message: "voxels of a header, which are taken with it")
                    return .other(reason, isSkipped: true)
                }
                let isClaimed = FileFormat.isClaimed(byName: file.relativePath)
                let reason = ManifestEntry.Failure(
                    code: isClaimed ? "not-an-image" : "other-file", stage: "read",
                    message: isClaimed
                        ? "named like an image, but its content is none; nothing of it was copied"
                        : "not a file that can be de-identified; nothing of it was copied")
                return .other(reason, isSkipped: !isClaimed)
            }
            return .head(try FileHead(path: file.path))
        } catch let error as DataSetError {
            return .other(
                .init(code: kebab(error.code.rawValue), stage: "read", message: error.message), isSkipped: false)
        } catch let error as Refusal {
            return .other(
                .init(code: kebab(error.code.rawValue), stage: "read", message: error.message), isSkipped: false)
        } catch let error as NIfTIError {
            return .other(
                .init(code: kebab(error.code.rawValue), stage: "read", message: error.message), isSkipped: false)
        } catch {
            let error = error as? FileError
            let message = "the input cannot be read: \(error?.reason ?? "unexpected error")"
            return .other(.init(code: error?.code ?? "unreadable", stage: "read", message: message), isSkipped: false)
        }
    }

    private func verdicts(_ files: [FileWalk.File], _ examined: [Examined?]) -> [WorkUnit<AnonymizationInput>] {
        var others: [FoundOtherFile] = []
        let places = examined.map { examined -> Int? in
            guard case .beside(let other) = examined else { return nil }
            others.append(other)
            return others.count - 1
        }
        let beside = OtherFileSurvey(others, cleaner)
        let subjects = examined.enumerated().map { index, examined -> Subject? in
            if let place = places[index] { return beside.subject(place) }
            guard case .head(let head) = examined else { return nil }
            return Subject(head.identity, rule: cleaner.policy.patientRule, key: cleaner.names.key)
        }
        let contradictions = contradictions(examined, subjects)
        var namer = ResultNames(layout: layout, names: cleaner.names)
        var (units, taken): ([WorkUnit<AnonymizationInput>], Set<String>) = ([], [])
        for (index, file) in files.enumerated() {
            switch examined[index] {
            case nil: continue
            case .other(let reason, let isSkipped):
                units.append(refused(file.relativePath, reason, isSkipped: isSkipped))
            case .beside(let found):
                if let reason = subjects[index].flatMap({ contradictions[$0.key] }) {
                    units.append(refused(file.relativePath, contradiction(reason), isSkipped: false))
                    continue
                }
                switch beside.verdict(places[index]!, isTaken: { taken.contains($0) }) {
                case .refused(let reason, let isSkipped):
                    units.append(refused(file.relativePath, reason, isSkipped: isSkipped))
                case .clean(let other, let name):
                    for suffix in found.suffixes {
                        taken.insert(other.tree.path(file.relativePath, suffix: suffix) ?? name)
                    }
                    units.append(unit(file, name, found.identity, other))
                }
            case .head(let head) where head.isDirectory:
                let reason = ManifestEntry.Failure(
                    code: kebab(Refusal.Code.directory.rawValue), stage: "read",
                    message: "a DICOMDIR: it lists other files, with their patients' names; "
                        + (layout.fitsMedia
                            ? "it is made anew" : "the layout is none that DICOM media allow, so none is made"))
                units.append(refused(file.relativePath, reason, isSkipped: true))
            case .head(let head):
                guard let subject = subjects[index] else {
                    // A file that belongs to nobody: the cleaner says why.
                    units.append(unit(file, "refused/\(pathDigest(file.relativePath))", head.identity))
                    continue
                }
                if let reason = contradictions[subject.key] {
                    units.append(refused(file.relativePath, contradiction(reason), isSkipped: false))
                    continue
                }
                switch namer.name(for: file.path, head, subject) {
                case .name(let name): units.append(unit(file, name, head.identity, head: head))
                case .copy:
                    let reason = ManifestEntry.Failure(
                        code: "copy", stage: "read", message: "the same bytes as another file, which is de-identified")
                    units.append(refused(file.relativePath, reason, isSkipped: true))
                case .collision:
                    let reason = ManifestEntry.Failure(
                        code: "name-collision", stage: "layout",
                        message: "the short name of its result is another file's; give longer names by --layout, as in "
                            + "{patient:16}/{study:16}/{series:16}/{instance:16}")
                    units.append(refused(file.relativePath, reason, isSkipped: false))
                }
            }
        }
        return units
    }

    /// By the subject's key: what headers of one patient contradict each other in.
    private func contradictions(_ examined: [Examined?], _ subjects: [Subject?]) -> [String: String] {
        var known: [String: Set<PatientIdentity>] = [:]
        var found: [String: String] = [:]
        for (examined, subject) in zip(examined, subjects) {
            guard var identity = examined?.identity, let subject else { continue }
            identity.studyInstanceUID = ""
            guard known[subject.key, default: []].insert(identity).inserted else { continue }
            for other in known[subject.key]! {
                // The least of all, so that the words do not depend on the order of files.
                if let reason = identity.contradiction(to: other, rule: cleaner.policy.patientRule) {
                    found[subject.key] = min(found[subject.key] ?? reason, reason)
                }
            }
        }
        return found
    }

    private func unit(
        _ file: FileWalk.File, _ name: String, _ identity: PatientIdentity, _ other: OtherFile? = nil,
        head: FileHead? = nil
    ) -> WorkUnit<AnonymizationInput> {
        let size = (try? FileBytes.size(file.path)) ?? 0
        let input = AnonymizationInput(
            file: LoadedFile(path: file.path), relativePath: file.relativePath, identity: identity, head: head,
            other: other)
        return WorkUnit(
            name: name, inputs: [pathDigest(file.relativePath)], estimatedBytes: min(size, 64 << 20) + (1 << 20),
            verdict: .process(input))
    }

    private func refused(
        _ relativePath: String, _ reason: ManifestEntry.Failure, isSkipped: Bool
    ) -> WorkUnit<AnonymizationInput> {
        let digest = pathDigest(relativePath)
        var reason = reason
        reason.message = "refused/\(digest): \(reason.message)"
        return WorkUnit(name: "refused/\(digest)", inputs: [digest], verdict: isSkipped ? .skip(reason) : .fail(reason))
    }

    /// Stands for an input's path, which may spell names, in everything that is written.
    private func pathDigest(_ relativePath: String) -> String {
        cleaner.names.name("input\u{1F}\(relativePath)", .path)
    }
}

/// One file to de-identify.
struct AnonymizationInput: Sendable {
    let file: LoadedFile
    /// Below the input.
    let relativePath: String
    /// What its header says of the patient; for the encrypted map only.
    let identity: PatientIdentity
    /// Its series and instance, when it is a DICOM object.
    let head: FileHead?
    /// What it is, and whose, when it is no DICOM object.
    var other: OtherFile?
}
