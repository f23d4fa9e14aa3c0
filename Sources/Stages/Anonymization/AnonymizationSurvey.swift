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

    struct Result {
        var units: [WorkUnit<AnonymizationInput>]
        /// DICOMDIRs, which are made anew.
        var directories: [FileWalk.File]
        /// Below the input, of units that nothing is made of, by their names: for the map, and for nothing else.
        var refusedPaths: [String: String]
    }

    func run() -> Result {
        let unusable = Locked<[(unit: WorkUnit<AnonymizationInput>, path: String)]>([])
        // The first are looked at while others are still being found.
        let looks = workers.transformed { (found: (FileWalk.File) -> Void) in
            var walk = FileWalk(inputs: inputs, excluding: output)
            walk.run { event in
                switch event {
                case .file(let file): found(file)
                case .unusable(let path, let isFailure, let code, let message):
                    let reason = ManifestEntry.Failure(code: code, stage: "read", message: message)
                    let unit = refused(pathDigest(path), reason, isSkipped: !isFailure)
                    unusable.withLock { $0.append((unit, path)) }
                }
                return !Interruption.isRequested
            }
        } _: { file in
            Interruption.isRequested ? nil : look(at: file)
        }
        let seen = looks.compactMap { $0 }
        let lost = unusable.withLock { $0 }
        var units = lost.map(\.unit)
        let directories = seen.compactMap { look in
            if case .head(let head, _) = look.examined, head.isDirectory { look.file } else { nil }
        }
        units.reserveCapacity(units.count + seen.count)
        addVerdicts(seen, to: &units)
        let paths = lost.map { ($0.unit.name, $0.path) } + seen.map { ("refused/\($0.pathDigest)", $0.file.relativePath) }
        return Result(
            units: units, directories: directories, refusedPaths: Dictionary(paths, uniquingKeysWith: { $1 }))
    }

    private func contradiction(_ reason: String) -> ManifestEntry.Failure {
        ManifestEntry.Failure(
            code: kebab(Refusal.Code.ambiguousPatient.rawValue), stage: "identity",
            message: "files of one Patient ID have different \(reason); correct them, or tell patients apart "
                + "by more than the ID (--patient-rule id-and-issuer or id-and-birth-date)")
    }

    private var ambiguousStudy: ManifestEntry.Failure {
        ManifestEntry.Failure(
            code: kebab(Refusal.Code.ambiguousPatient.rawValue), stage: "identity",
            message: "files of one Study Instance UID have different Patient IDs; correct them")
    }

    /// All that one file shows by itself; made by several threads. A class, because it is large and handed from list to list.
    private final class Look: Sendable {
        let file: FileWalk.File
        let examined: Examined
        let size: Int
        /// Stands for its path, which may spell names, in everything that is written.
        let pathDigest: String

        init(file: FileWalk.File, examined: Examined, size: Int, pathDigest: String) {
            (self.file, self.examined, self.size, self.pathDigest) = (file, examined, size, pathDigest)
        }
    }

    private func look(at file: FileWalk.File) -> Look {
        Look(
            file: file, examined: examine(file), size: (try? FileBytes.size(file.path)) ?? 0,
            pathDigest: pathDigest(file.relativePath))
    }

    private enum Examined: Sendable {
        /// Whose it is, and the name that its result would have if it were the only file.
        case head(FileHead, (subject: Subject, name: String)?)
        case beside(FoundOtherFile)
        case other(ManifestEntry.Failure, isSkipped: Bool)

        var identity: PatientIdentity? {
            switch self {
            case .head(let head, _): head.isDirectory ? nil : head.identity
            case .beside(let file): file.identity
            case .other: nil
            }
        }
    }

    private func examine(_ file: FileWalk.File) -> Examined {
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
            return examined(try FileHead(path: file.path))
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

    private func examined(_ head: FileHead) -> Examined {
        let subject = Subject(head.identity, rule: cleaner.policy.patientRule, key: cleaner.names.key)
        return .head(head, subject.map { ($0, layout.path(head, $0, cleaner.names)) })
    }

    /// The same, with the patient of its study for each file that names none.
    private func withPatients(_ looks: [Look]) -> (looks: [Look], studies: StudyPatients) {
        func patients(_ looks: [Look]) -> StudyPatients {
            StudyPatients(
                looks.lazy.compactMap(\.examined.identity), rule: cleaner.policy.patientRule, key: cleaner.names.key)
        }
        let studies = patients(looks)
        var (result, isChanged) = (looks, false)
        for (index, look) in looks.enumerated() {
            guard let identity = look.examined.identity.flatMap(studies.completed) else { continue }
            let examined: Examined
            switch look.examined {
            case .head(var head, _):
                (head.identity, head.isPatientOfStudy) = (identity, true)
                examined = self.examined(head)
            case .beside(var found):
                found.identity = identity
                examined = .beside(found)
            case .other: continue
            }
            result[index] = Look(
                file: look.file, examined: examined, size: look.size, pathDigest: look.pathDigest)
            isChanged = true
        }
        // By a rule that asks for more than the ID, a file may still be of another patient.
        return (result, isChanged ? patients(result) : studies)
    }

    private func addVerdicts(_ looks: [Look], to units: inout [WorkUnit<AnonymizationInput>]) {
        let (looks, studies) = withPatients(looks)
        var others: [FoundOtherFile] = []
        let places = looks.map { look -> Int? in
            guard case .beside(let other) = look.examined else { return nil }
            others.append(other)
            return others.count - 1
        }
        let beside = OtherFileSurvey(others, cleaner)
        let subjects = looks.enumerated().map { index, look -> Subject? in
            if let place = places[index] { return beside.subject(place) }
            guard case .head(_, let known) = look.examined else { return nil }
            return known?.subject
        }
        let contradictions = contradictions(looks, subjects)
        var namer = ResultNames(layout: layout, names: cleaner.names)
        var taken: Set<String> = []
        for (index, look) in looks.enumerated() {
            let file = look.file
            if let identity = look.examined.identity, studies.isAmbiguous(identity) {
                units.append(refused(look.pathDigest, ambiguousStudy, isSkipped: false))
                continue
            }
            switch look.examined {
            case .other(let reason, let isSkipped):
                units.append(refused(look.pathDigest, reason, isSkipped: isSkipped))
            case .beside(let found):
                if let reason = subjects[index].flatMap({ contradictions[$0.key] }) {
                    units.append(refused(look.pathDigest, contradiction(reason), isSkipped: false))
                    continue
                }
                switch beside.verdict(places[index]!, isTaken: { taken.contains($0) }) {
                case .refused(let reason, let isSkipped):
                    units.append(refused(look.pathDigest, reason, isSkipped: isSkipped))
                case .clean(let other, let name):
                    for suffix in found.suffixes {
                        taken.insert(other.tree.path(file.relativePath, suffix: suffix) ?? name)
                    }
                    units.append(unit(look, name, found.identity, other))
                }
            case .head(let head, _) where head.isDirectory:
                let reason = ManifestEntry.Failure(
                    code: kebab(Refusal.Code.directory.rawValue), stage: "read",
                    message: "a DICOMDIR: it lists other files, with their patients' names; "
                        + (layout.fitsMedia
                            ? "it is made anew" : "the layout is none that DICOM media allow, so none is made"))
                units.append(refused(look.pathDigest, reason, isSkipped: true))
            case .head(let head, let known):
                guard let (subject, name) = known else {
                    // A file that belongs to nobody: the cleaner says why.
                    units.append(unit(look, "refused/\(look.pathDigest)", head.identity))
                    continue
                }
                if let reason = contradictions[subject.key] {
                    units.append(refused(look.pathDigest, contradiction(reason), isSkipped: false))
                    continue
                }
                switch namer.name(for: file.path, head, subject, first: name) {
                case .name(let name): units.append(unit(look, name, head.identity, head: head))
                case .copy:
                    let reason = ManifestEntry.Failure(
                        code: "copy", stage: "read", message: "the same bytes as another file, which is de-identified")
                    units.append(refused(look.pathDigest, reason, isSkipped: true))
                case .collision:
                    let reason = ManifestEntry.Failure(
                        code: "name-collision", stage: "layout",
                        message: "the short name of its result is another file's; give longer names by --layout, as in "
                            + "{patient:16}/{study:16}/{series:16}/{instance:16}")
                    units.append(refused(look.pathDigest, reason, isSkipped: false))
                }
            }
        }
    }

    /// By the subject's key: what headers of one patient contradict each other in.
    private func contradictions(_ looks: [Look], _ subjects: [Subject?]) -> [String: String] {
        var known: [String: Set<PatientIdentity>] = [:]
        var found: [String: String] = [:]
        for (look, subject) in zip(looks, subjects) {
            guard var identity = look.examined.identity, let subject else { continue }
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
        _ look: Look, _ name: String, _ identity: PatientIdentity, _ other: OtherFile? = nil,
        head: FileHead? = nil
    ) -> WorkUnit<AnonymizationInput> {
        let input = AnonymizationInput(
            file: LoadedFile(path: look.file.path), relativePath: look.file.relativePath, identity: identity,
            head: head, other: other)
        return WorkUnit(
            name: name, inputs: [look.pathDigest], estimatedBytes: min(look.size, 64 << 20) + (1 << 20),
            verdict: .process(input))
    }

    private func refused(
        _ digest: String, _ reason: ManifestEntry.Failure, isSkipped: Bool
    ) -> WorkUnit<AnonymizationInput> {
        var reason = reason
        reason.message = "refused/\(digest): \(reason.message)"
        return WorkUnit(name: "refused/\(digest)", inputs: [digest], verdict: isSkipped ? .skip(reason) : .fail(reason))
    }

    private func pathDigest(_ relativePath: String) -> String {
        cleaner.names.name("input\u{1F}\(relativePath)", .path)
    }
}

/// One file to de-identify. A class, because it is large and handed from list to list.
final class AnonymizationInput: Sendable {
    let file: LoadedFile
    /// Below the input.
    let relativePath: String
    /// What its header says of the patient; for the encrypted map only.
    let identity: PatientIdentity
    /// Its series and instance, when it is a DICOM object.
    let head: FileHead?
    /// What it is, and whose, when it is no DICOM object.
    let other: OtherFile?

    init(file: LoadedFile, relativePath: String, identity: PatientIdentity, head: FileHead?, other: OtherFile?) {
        (self.file, self.relativePath) = (file, relativePath)
        (self.identity, self.head, self.other) = (identity, head, other)
    }
}
