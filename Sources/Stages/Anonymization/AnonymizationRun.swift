public import BurnedInText
import Cryptography
import DataSets
public import Deidentification
public import Files
import Glibc
import Parallel
public import Pipelines

/// De-identifies the files below the inputs into a folder: what `hilum anonymize` does.
public struct AnonymizationRun: Sendable {
    public var inputs: [String]
    public var runner: Runner
    public var cleaner: FileCleaner
    public var layout: OutputLayout
    /// Where to look for text in pixels.
    public var textRules: DeviceRules
    /// A folder for pictures of heads before and after their faces were cut, for a person's check; not below the output.
    public var facePictures: String?
    /// Where a second copy of the report goes, and of the page to read.
    public var reportPath: String?
    /// Where the encrypted table of who is who goes; nil for none.
    public var mapPath: String?

    /// Below the output folder: results that somebody has to decide about before they are released.
    static let heldFolder = "held/"
    /// Of all warnings in the manifest.
    static let warningCode = "deidentification"

    public init(
        inputs: [String], runner: Runner, cleaner: FileCleaner, layout: OutputLayout, textRules: DeviceRules
    ) {
        (self.inputs, self.runner, self.cleaner, self.layout) = (inputs, runner, cleaner, layout)
        self.textRules = textRules
    }

    /// Digest of everything but the input that decides a result.
    var digest: String {
        let lines =
            [hilumVersion, cleaner.names.key.fingerprint, layout.template, "\(textRules)"] + cleaner.policy.summary
        return Digest.of(lines.joined(separator: "\n"))
    }

    var terms: AnonymizationTerms { AnonymizationTerms(cleaner.policy, layout, textRules) }

    /// Why an earlier run in the output folder cannot be gone on with; nil when it can. Inputs are looked at only where it
    /// was under other terms.
    public var obstacle: String? {
        EarlierRuns(in: runner.output).obstacle(
            toAnonymizationUnder: cleaner.names.key.fingerprint, terms, shard: runner.shard
        ) {
            let names = survey.units().map(\.name)
            return Interruption.isRequested ? 0 : EarlierResults(of: runner).left(besides: names)
        }
    }

    /// Whether an output folder is empty, or holds nothing but other shards of the runner's division.
    public static func hasRoom(for runner: Runner) -> Bool {
        let names = FolderNames.texts(in: runner.output) ?? []
        return names.allSatisfy { RunLock.isLock($0) || EarlierRuns.isBeginning($0, of: runner.shard) }
            || EarlierRuns(in: runner.output).areShards(besides: runner.shard)
    }

    var survey: AnonymizationSurvey {
        AnonymizationSurvey(
            inputs: inputs, output: runner.output, cleaner: cleaner, layout: layout, workers: runner.workers)
    }

    /// The files of a report: itself, and its page.
    public static func files(ofReportAt path: String) -> [String] { [path, AuditReport.pagePath(beside: path)] }

    /// Works through the inputs and writes `manifest.jsonl`, `run.json` and the report.
    ///
    /// - Throws: `FileError` when the output folder can't be written.
    public func run(progress: RunProgress) async throws(FileError) -> AnonymizationSummary {
        try AtomicFile.makeFolder(runner.output)
        let lock = try runner.lock()
        defer { withExtendedLifetime(lock) {} }
        try noteKey()
        let start = ContinuousClock.now
        let surveyed = survey.run()
        let (units, directories) = (surveyed.units, surveyed.directories)
        for _ in units { progress.found() }
        progress.discoveryFinished()
        let (digest, leaks) = (digest, Locked(0))
        let pixels = PixelExamination(
            text: TextExamination(rules: textRules, isAllowed: cleaner.policy.has(.cleanPixelData)),
            faces: FaceExamination(
                units, isAsked: cleaner.policy.has(.cleanRecognizableVisualFeatures), pictures: facePictures,
                names: cleaner.names))
        let counts = try await runner.run(
            DealtUnits(units: units, piles: runner.workers.count), progress: progress, under: lock,
            key: { input in cleaner.names.digest("\(digest)\n\(try input.digest(cleaner.names))") },
            process: { unit, input in
                let result = process(unit, input, pixels)
                if case .failed(let reason) = result, reason.code == Refusal.Code.leak.rawValue {
                    leaks.withLock { $0 += 1 }
                }
                return result
            },
            reports: { (counts) throws(FileError) in try reports(counts, ContinuousClock.now - start) })
        progress.end()
        if counts.isComplete, layout.fitsMedia, !directories.isEmpty {
            let index = MediaIndex(
                output: runner.output, tag: runner.shard.suffix, cleaner: cleaner, directories: directories)
            if try !index.write() { leaks.withLock { $0 += 1 } }
        }
        if counts.isComplete {
            if let reportPath {
                let folder = reportPath.lastIndex(of: "/").map { String(reportPath[...$0]) } ?? "."
                try AtomicFile.publish(report(counts).prepare(at: reportPath), in: folder)
            }
            if let mapPath {
                let lines = units.map { mapLine($0, surveyed.refusedPaths) }
                try IdentityMap.write(
                    lines, keeping: Set(counts.entries.map(\.item)), to: mapPath, key: cleaner.names.key)
            }
        }
        let names = Set(units.map(\.name))
        return AnonymizationSummary(
            counts: counts, leaks: leaks.withLock { $0 },
            unclaimed: counts.entries.count { !$0.outputs.isEmpty && !names.contains($0.item) })
    }

    /// A first `run.json`: of a run that is broken off, too, the key is known, and that results of two policies lie there.
    private func noteKey() throws(FileError) {
        let files = RunFiles(runner.output, runner.shard)
        var heading = report(RunSummary()).heading
        if let earlier = files.readRun() {
            guard terms.difference(ofEarlier: AnonymizationTerms(earlier)) != nil else { return }
            heading.set("policy", .null)
        }
        let record = files.record(heading, workers: .null, counts: .null, seconds: .null)
        try AtomicFile.write(files.path(files.run), tag: runner.shard.suffix, text: record)
    }

    /// `run.json` and the report. A shard's is of its own files; `hilum verify` reads all that are there.
    private func reports(_ counts: RunSummary, _ duration: Duration) throws(FileError) -> [PendingFile] {
        let (report, files) = (report(counts), RunFiles(runner.output, runner.shard))
        let record = files.record(
            report.heading, workers: .integer(runner.workers.count), counts: counts.json,
            seconds: .number((duration / .milliseconds(1)).rounded() / 1000))
        let run = try AtomicFile.prepare(files.path(files.run), tag: runner.shard.suffix, text: record)
        return [run] + (try report.prepare(at: files.path(files.report)))
    }

    private func report(_ counts: RunSummary) -> AuditReport {
        AuditReport(
            program: cleaner.program, policy: cleaner.policy, layout: layout.template,
            textRules: AnonymizationTerms.digest(of: textRules), key: cleaner.names.key, shard: runner.shard,
            entries: counts.entries, workers: runner.workers)
    }

    private func mapLine(_ unit: WorkUnit<AnonymizationInput>, _ refusedPaths: [String: String]) -> JSONValue {
        guard case .process(let input) = unit.verdict else {
            return IdentityMap.line(unit, path: refusedPaths[unit.name] ?? "")
        }
        let known = Subject(input.identity, rule: cleaner.policy.patientRule, key: cleaner.names.key)
        let subject = input.other?.subject ?? known
        return IdentityMap.line(unit, input, subject)
    }

    private func process(
        _ unit: WorkUnit<AnonymizationInput>, _ input: AnonymizationInput, _ pixels: PixelExamination
    ) -> WorkResult {
        if Interruption.isRequested { return .interrupted }
        defer { input.file.release() }
        do {
            let (result, files) = try result(unit, input, pixels)
            do { try input.file.checkIsUnchanged() } catch {
                for file in files { file.discard() }
                throw error
            }
            return result
        } catch {
            return .failed(failure(error, of: unit))
        }
    }

    private func result(
        _ unit: WorkUnit<AnonymizationInput>, _ input: AnonymizationInput, _ pixels: PixelExamination
    ) throws -> (WorkResult, [PendingFile]) {
        if let other = input.other { return try result(other, input, unit.name) }
        let file = try PartTenFile(input.file.source())
        switch pixels.examine(file, input, runner.workers) {
        case .settled(let pixels, let note):
            let (pending, details, warnings) = try write(file, input, to: unit.name, pixels)
            let told = (warnings + [note].compactMap { $0 }).map {
                ManifestEntry.Warning(code: Self.warningCode, message: $0)
            }
            return (.done(files: [pending], warnings: told, details: details), [pending])
        case .held(let reason):
            let (pending, details, _) = try write(file, input, to: Self.heldFolder + unit.name, .notExamined)
            let failure = ManifestEntry.Failure(
                code: "held", stage: "pixels", message: "\(unit.name): held: \(reason)")
            return (.held(failure, files: [pending], details: details), [pending])
        }
    }

    private func result(
        _ other: OtherFile, _ input: AnonymizationInput, _ name: String
    ) throws -> (WorkResult, [PendingFile]) {
        let cleaning = OtherFileCleaning(
            cleaner: cleaner, output: runner.output, tag: runner.shard.suffix, workers: runner.workers,
            looksAtPictures: cleaner.policy.has(.cleanPixelData))
        let result = try cleaning.clean(input, other, name: name)
        let warnings = (other.warnings + result.record.warnings.sorted()).map {
            ManifestEntry.Warning(code: Self.warningCode, message: $0)
        }
        let details = OtherAudit(other: other, result: result).json
        return (.done(files: result.files, warnings: warnings, details: details), result.files)
    }

    private func write(
        _ file: PartTenFile, _ input: AnonymizationInput, to name: String, _ pixels: PixelOutcome
    ) throws -> (PendingFile, JSONValue, warnings: [String]) {
        let cleaned = try cleaner.clean(file, path: input.relativePath, as: input.identity, pixels: pixels)
        let (pending, proof) = try cleaned.write(
            to: "\(runner.output)/\(name)", from: file.source, tag: runner.shard.suffix)
        return (pending, AuditRecord(cleaned, proof).json, cleaned.warnings)
    }
}

/// Counts of a run, and the files in which a check found an original value.
public struct AnonymizationSummary: Sendable {
    public let counts: RunSummary
    public let leaks: Int
    /// Results of earlier runs into the same folder whose files are not among the inputs any more, or are refused now.
    public let unclaimed: Int

    /// As of any run; 3 when a check found a leak.
    public var exitCode: Int32 { leaks > 0 ? 3 : counts.exitCode }
}
