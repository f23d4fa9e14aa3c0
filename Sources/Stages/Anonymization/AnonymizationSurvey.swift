import Cryptography
import DataSets
import Deidentification
import Files
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
    func units() -> [WorkUnit<AnonymizationInput>] {
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
        return units + verdicts(files, heads.withLock { $0 })
    }

    private enum Examined: Sendable {
        case head(FileHead)
        case other(ManifestEntry.Failure, isSkipped: Bool)
    }

    private static func examine(_ file: FileWalk.File) -> Examined {
        do {
            guard let format = FileFormat(prefix: try FileBytes.prefix(file.path, count: FileFormat.prefixLength))
            else {
                let isClaimed = FileFormat.isClaimed(byName: file.relativePath)
                let reason = ManifestEntry.Failure(
                    code: isClaimed ? "not-an-image" : "other-file", stage: "read",
                    message: isClaimed
                        ? "named like an image, but its content is none; nothing of it was copied"
                        : "not a file that can be de-identified; nothing of it was copied")
                return .other(reason, isSkipped: !isClaimed)
            }
            guard format == .dicom else {
                return .other(
                    .init(code: "other-format", stage: "read", message: "not DICOM; nothing of it was copied"),
                    isSkipped: false)
            }
            return .head(try FileHead(path: file.path))
        } catch let error as DataSetError {
            return .other(
                .init(code: kebab(error.code.rawValue), stage: "read", message: error.message), isSkipped: false)
        } catch {
            let error = error as? FileError
            let message = "the input cannot be read: \(error?.reason ?? "unexpected error")"
            return .other(.init(code: error?.code ?? "unreadable", stage: "read", message: message), isSkipped: false)
        }
    }

    private func verdicts(_ files: [FileWalk.File], _ examined: [Examined?]) -> [WorkUnit<AnonymizationInput>] {
        let subjects = examined.map { examined -> Subject? in
            guard case .head(let head) = examined else { return nil }
            return Subject(head.identity, rule: cleaner.policy.patientRule, key: cleaner.names.key)
        }
        let contradictions = contradictions(examined, subjects)
        var namer = ResultNames(layout: layout, names: cleaner.names)
        var units: [WorkUnit<AnonymizationInput>] = []
        for (index, file) in files.enumerated() {
            switch examined[index] {
            case nil: continue
            case .other(let reason, let isSkipped):
                units.append(refused(file.relativePath, reason, isSkipped: isSkipped))
            case .head(let head):
                guard let subject = subjects[index] else {
                    // A DICOMDIR, or a file that belongs to nobody: the cleaner says which.
                    units.append(unit(file, "refused/\(pathDigest(file.relativePath))"))
                    continue
                }
                if let reason = contradictions[subject.key] {
                    let failure = ManifestEntry.Failure(
                        code: kebab(Refusal.Code.ambiguousPatient.rawValue), stage: "identity",
                        message:
                            "files of one Patient ID have different \(reason); correct them, or tell patients apart "
                            + "by more than the ID (--patient-rule id-and-issuer or id-and-birth-date)")
                    units.append(refused(file.relativePath, failure, isSkipped: false))
                    continue
                }
                switch namer.name(for: file.path, head, subject) {
                case .name(let name): units.append(unit(file, name))
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
            guard case .head(let head) = examined, let subject else { continue }
            var identity = head.identity
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

    private func unit(_ file: FileWalk.File, _ name: String) -> WorkUnit<AnonymizationInput> {
        let size = (try? FileBytes.size(file.path)) ?? 0
        return WorkUnit(
            name: name, inputs: [pathDigest(file.relativePath)], estimatedBytes: min(size, 64 << 20) + (1 << 20),
            verdict: .process(AnonymizationInput(path: file.path, relativePath: file.relativePath)))
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
    /// As the system opens it.
    let path: String
    /// Below the input.
    let relativePath: String
}
