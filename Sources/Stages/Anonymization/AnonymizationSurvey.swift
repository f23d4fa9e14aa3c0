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
            let ownResults = OwnResults(ofAnonymizationUnder: cleaner.names.key.fingerprint)
            var walk = FileWalk(inputs: inputs, excluding: output, ownResults)
            var mended: [PathKey: Int] = [:]
            walk.run { event in
                switch event {
                case .file(let file): found(file)
                case .unusable(let path, let isFailure, let code, let message):
                    let reason = ManifestEntry.Failure(code: code, stage: "read", message: message)
                    // Names that are not UTF-8 may be mended to the same one; each is an item of its own.
                    let number = mended[PathKey(path), default: 0]
                    mended[PathKey(path)] = number + 1
                    let digest = pathDigest(number == 0 ? path : "\(path)\u{1F}\(number)")
                    let unit = refused(digest, reason, isSkipped: !isFailure)
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
        let paths =
            lost.map { ($0.unit.name, $0.path) } + seen.map { ("refused/\($0.pathDigest)", $0.file.relativePath) }
        return Result(
            units: units, directories: directories, refusedPaths: Dictionary(paths, uniquingKeysWith: { $1 }))
    }

    /// All that one file shows by itself; made by several threads. A class, because it is large and handed from list to list.
    final class Look: Sendable {
        let file: FileWalk.File
        let examined: Examined
        /// Before it was examined; nil when it cannot be read.
        let identity: FileIdentity?
        /// Stands for its path, which may spell names, in everything that is written.
        let pathDigest: String

        init(file: FileWalk.File, examined: Examined, identity: FileIdentity?, pathDigest: String) {
            (self.file, self.examined, self.identity, self.pathDigest) = (file, examined, identity, pathDigest)
        }
    }

    private func look(at file: FileWalk.File) -> Look {
        let identity = try? FileReader(path: file.path).identity
        return Look(
            file: file, examined: examine(file), identity: identity, pathDigest: pathDigest(file.relativePath))
    }

    enum Examined: Sendable {
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

    func examined(_ head: FileHead) -> Examined {
        let subject = Subject(head.identity, rule: cleaner.policy.patientRule, key: cleaner.names.key)
        return .head(head, subject.map { ($0, layout.path(head, $0, cleaner.names)) })
    }

    func refused(
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
