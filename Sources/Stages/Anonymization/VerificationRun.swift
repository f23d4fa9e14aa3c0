public import Cryptography
import DataSets
import Deidentification
import Files
import Parallel
import Pipelines

/// Proves a finished tree anew: the report is as it was written, every file is the one that it speaks of and keeps the
/// rules, nothing else lies there, and, beside the originals, no original value is in any byte.
public struct VerificationRun: Sendable {
    public var output: String
    public var originals: [String]
    public var key: ProjectKey
    public var workers: Int

    public init(output: String, originals: [String], key: ProjectKey, workers: Int) {
        (self.output, self.originals, self.key, self.workers) = (output, originals, key, workers)
    }

    public struct Problem: Sendable {
        /// Path below the output folder.
        public let file: String
        public let message: String
    }

    public struct Outcome: Sendable {
        /// How many were checked.
        public let files: Int
        /// What is wrong with any, in the order of names.
        public let problems: [Problem]
        /// Held files that the report lists and that do not lie there any more, as it should be.
        public let heldElsewhere: Int
    }

    /// - Throws: `VerificationError` when there is nothing to verify by.
    public func run() throws(VerificationError) -> Outcome {
        let (runs, policy, layout) = try readReports()
        let report = Self.joined(runs.map(\.content))
        let found = Locked<[Problem]>([])
        @Sendable func note(_ file: String, _ message: String) {
            found.withLock { $0.append(.init(file: file, message: message)) }
        }
        let cleaner = FileCleaner(policy: policy, key: key, program: Self.text(report["program"]))
        let survey = AnonymizationSurvey(
            inputs: originals, output: output, cleaner: cleaner, layout: layout, workers: Workers(count: workers))
        let units = originals.isEmpty ? [] : survey.units()
        let sources = Dictionary(
            units.compactMap { unit -> (String, AnonymizationInput)? in
                if case .process(let input) = unit.verdict { (unit.name, input) } else { nil }
            }, uniquingKeysWith: { first, _ in first })
        for problem in Self.unknown(units, to: report) { note(problem.file, problem.message) }
        let verification = FileVerification(cleaner, identities: identities(sources.values))
        let others = OtherFileVerification(report, output: output, cleaner, verification)
        let released = Self.released(report)
        for run in runs {
            for problem in run.problems(verification) { note(problem.file, problem.message) }
        }
        for problem in Self.missingParts(of: runs.map(\.files)) { note(problem.file, problem.message) }
        let tree = OutputTree(output, report, own: runs.map(\.files))
        for (path, message) in tree.strays { note(path, message) }
        let files = tree.files
        Workers(count: workers).forEach(files.count) { index in
            let (file, path) = (files[index], "\(output)/\(files[index])")
            if file == MediaIndex.fileName {
                for problem in MediaIndex.problems(in: output, over: released.keys.map(\.text), cleaner) {
                    note(file, problem)
                }
                return
            }
            guard let digest = released[PathKey(file)] else {
                return note(file, "is not one of the files that the report speaks of")
            }
            guard (try? Digest.of(file: path)) == digest else {
                return note(file, "is not the file that was written: its bytes have changed")
            }
            if let problems = others.problems(file, sources, beside: !originals.isEmpty) {
                for problem in problems { note(file, problem) }
                return
            }
            guard !originals.isEmpty else {
                for problem in verification.problems(inFileAt: path) { note(file, problem) }
                return
            }
            let name =
                Self.isHeld(file)
                ? String(file.dropFirst(AnonymizationRun.heldFolder.count)) : file
            guard let input = sources[name], let source = try? input.file.source() else {
                return note(file, "has no original among those given")
            }
            defer { input.file.release() }
            let original = FileVerification.Original(
                source: source, path: input.relativePath, identity: input.identity)
            for problem in verification.problems(inFileAt: path, original: original) {
                note(file, problem)
            }
        }
        let missing = Set(released.keys).subtracting(files.map(PathKey.init))
        for path in missing where !Self.isHeld(path.text) { note(path.text, "is missing") }
        let held = files.count(where: Self.isHeld)
        if held > 0 {
            note(
                String(AnonymizationRun.heldFolder.dropLast()),
                "\(held) held files, whose pixels are not settled, lie in \(output)/\(AnonymizationRun.heldFolder): "
                    + "take the folder out before the release")
        }
        if !files.contains(MediaIndex.fileName),
            MediaIndex.isDue(in: output, by: report, layout, over: released.keys.map(\.text))
        {
            note(MediaIndex.fileName, "is missing")
        }
        let problems = found.withLock { $0 }.sorted { ($0.file, $0.message) < ($1.file, $1.message) }
        return Outcome(
            files: files.count, problems: problems, heldElsewhere: missing.count { Self.isHeld($0.text) })
    }

    private static func isHeld(_ path: String) -> Bool { path.hasPrefix(AnonymizationRun.heldFolder) }

    private func identities(_ inputs: some Sequence<AnonymizationInput>) -> [PatientIdentity] {
        Array(Set(inputs.map(\.identity)))
    }

    /// One report, or one of each shard.
    private func readReports() throws(VerificationError) -> ([RunFilesVerification], Policy, OutputLayout) {
        var reports: [RunFilesVerification] = []
        for files in RunFiles.finished(in: output) {
            guard let report = RunFilesVerification(files, key, Workers(count: workers)) else {
                throw VerificationError("\(files.path(files.report)) is unreadable")
            }
            guard Self.text(report.content["keyFingerprint"]) == key.fingerprint else {
                throw VerificationError("\(files.path(files.report)) was made under another key")
            }
            reports.append(report)
        }
        guard let first = reports.first?.content else {
            throw VerificationError("\(output) holds no report; only what `hilum anonymize` wrote can be verified")
        }
        guard let policy = Policy(summary: (first["policy"]?.elements ?? []).map(Self.text)),
            let layout = OutputLayout(Self.text(first["layout"]))
        else { throw VerificationError("the report in \(output) was written by another version of Hilum") }
        guard reports.allSatisfy({ $0.content["policy"] == first["policy"] && $0.content["layout"] == first["layout"] })
        else { throw VerificationError("the shards in \(output) were made by different policies") }
        return (reports, policy, layout)
    }

    /// A release is whole when it holds a report of each part of one division.
    private static func missingParts(of files: [RunFiles]) -> [Problem] {
        let counts = Set(files.map(\.shard.count))
        guard counts.count == 1, let count = counts.first else {
            return [
                Problem(
                    file: files[0].report,
                    message: "stands beside reports of other divisions into shards: a release has one")
            ]
        }
        let found = Set(files.map(\.shard.index))
        return (1...count).filter { !found.contains($0) }.compactMap { Shard("\($0)/\(count)") }.map {
            Problem(
                file: RunFiles(files[0].output, $0).report,
                message: "is missing: shard \($0) was not brought to its end, or taken away")
        }
    }

    /// Originals that would have a result, or a reason why not, and of which no report speaks: a tree of fewer inputs.
    private static func unknown(_ units: [WorkUnit<AnonymizationInput>], to report: JSONValue) -> [Problem] {
        let items = Set((report["files"]?.elements ?? []).map { PathKey(text($0["item"])) })
        return units.compactMap { unit in
            // What is left where it is, as another program's file that came later, was never to be released.
            if case .skip = unit.verdict { return nil }
            guard !items.contains(PathKey(unit.name)) else { return nil }
            return Problem(
                file: unit.name,
                message:
                    "is no item of the report: an original among those given was neither released, held nor refused")
        }
    }

    /// The first report with the files of all.
    private static func joined(_ reports: [JSONValue]) -> JSONValue {
        var report = reports[0]
        report.set("files", .array(reports.flatMap { $0["files"]?.elements ?? [] }))
        return report
    }

    /// SHA-256 by path below the output folder.
    private static func released(_ report: JSONValue) -> [PathKey: String] {
        var files: [PathKey: String] = [:]
        for entry in report["files"]?.elements ?? [] {
            let digests = [entry["details"]?["sha256"]] + (entry["details"]?["companionsSHA256"]?.elements ?? [])
            for (path, digest) in zip(entry["outputs"]?.elements ?? [], digests) {
                files[PathKey(text(path))] = text(digest)
            }
        }
        return files
    }

    private static func text(_ value: JSONValue?) -> String { if case .string(let text) = value { text } else { "" } }
}

/// Why there is nothing to verify by.
public struct VerificationError: Error, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
