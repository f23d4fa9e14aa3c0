import ArgumentParser
import Files
import Foundation
import Glibc
import Pipelines
import Stages

/// What every command that works through items has in common: inputs, output, and how to go about it.
struct ItemOptions: ParsableArguments {
    @Argument(help: "Files and folders: DICOM, NIfTI, PNG, JPEG.", completion: .file())
    var inputs: [String] = []

    @Option(name: .shortAndLong, help: "Folder for outputs; made when it is missing.", completion: .directory)
    var output: String

    @Option(help: "Items worked on at once. [default: one a processor]")
    var workers: Int?

    @Flag(help: "Go on with an earlier run into the same folder; items that are done are not done again.")
    var resume = false

    @Flag(help: "Say what would be done with each item and write nothing.")
    var dryRun = false

    @Option(help: "Do only part K of N of the items, as in 1/4.")
    var shard: String?

    @Flag(help: "Only errors.")
    var quiet = false

    @Flag(help: "One JSON object a line on standard output: an event for each item and a summary.")
    var json = false

    func validate() throws {
        if let workers, !(1...1024).contains(workers) { throw ValidationError("--workers must be in [1, 1024]") }
        if let shard, Shard(shard) == nil { throw ValidationError("--shard must be K/N with 1 <= K <= N, as in 2/4") }
    }

    /// The part that `--shard` names.
    var part: Shard { shard.flatMap { Shard($0) } ?? .whole }

    /// What was given beside inputs and output.
    var given: [String] {
        named([
            ("--workers", workers != nil), ("--resume", resume), ("--dry-run", dryRun), ("--shard", shard != nil),
            ("--quiet", quiet), ("--json", json),
        ])
    }

    /// Lets Ctrl-C and SIGTERM stop the run in order, which a command asks for before it loads anything. A dry run has
    /// nothing to put in order.
    func handleInterruption() { if !dryRun { Interruption.install() } }

    /// Runs a pipeline as these options say and ends the program with its exit code.
    func execute(
        _ pipeline: Pipeline<Item>, seed: UInt64 = 0, sidecar: PipelineRun.Sidecar = .provenance,
        concealment: Concealment? = nil, mapPath: String? = nil, replay: Replay? = nil
    ) async throws {
        let runner = try prepareRunner(mayHold: true)
        var run = PipelineRun(pipeline: pipeline, inputs: inputPaths, runner: runner, seed: seed)
        (run.sidecar, run.concealment, run.mapPath) = (sidecar, concealment, mapPath)
        if let obstacle = run.obstacle { throw UsageError(obstacle) }
        for (input, name) in quiet ? [] : Discovery.renamed(inputPaths) {
            Console.error("hilum: \(input) is \(name) in items and manifest: an input before it has the same name\n")
        }
        if let replay { run.replay = try replay.prepared(for: run) }
        if dryRun {
            DryRun(run: run, isJSON: json).print()
            return
        }
        let summary: RunSummary
        do {
            summary = try await run.run(progress: RunProgress(style: progressStyle))
        } catch {
            Console.error("hilum: the run was stopped: \(error)\n")
            throw ExitCode(1)
        }
        report(summary)
        if !summary.superseded.isEmpty, !quiet {
            let names = summary.superseded.prefix(5).joined(separator: ", ").printable
            Console.error(
                "hilum: outdated items of earlier runs, whose files are part of other items now (a series has grown or is "
                    + "parted otherwise): \(summary.superseded.count), as \(names); they stay in \(output), its archives and "
                    + "its page beside the new ones; delete their files and lines, or choose a new folder\n")
        }
        if summary.unclaimed > 0, !quiet {
            Console.error(
                "hilum: items of earlier runs that are not among the inputs any more: \(summary.unclaimed); "
                    + "their lines and results stay in \(output); choose a new folder for a tree without them\n")
        }
        throw ExitCode(summary.exitCode)
    }

    var inputPaths: [String] { inputs.map(trimmed) }

    var progressStyle: RunProgress.Style { json ? .json : quiet ? .quiet : RunProgress.automaticStyle }

    /// The runner that these options ask for, once it is sure that nothing of the user's is in its way.
    ///
    /// - Parameter mayHold: whether the output folder may hold anything, and not only other shards of the data set.
    func prepareRunner(mayHold: Bool) throws -> Runner {
        try checkFolders()
        let runner = Runner(
            output: trimmed(output), workers: workers ?? ProcessInfo.processInfo.activeProcessorCount,
            memoryLimit: Int(ProcessInfo.processInfo.physicalMemory / 2), resume: resume,
            shard: part)
        if FileManager.default.fileExists(atPath: runner.manifestPath), !resume {
            throw UsageError(
                "\(output) already holds a run; give --resume to go on with it, or another folder")
        }
        if !mayHold, !AnonymizationRun.hasRoom(for: runner) {
            throw UsageError("\(output) is not empty; choose a new folder for a data set that shall be released")
        }
        return runner
    }

    func report(_ summary: RunSummary) {
        if json {
            let counts: JSONValue = [
                "event": "summary", "ok": .integer(summary.ok), "failed": .integer(summary.failed),
                "skipped": .integer(summary.skipped), "reused": .integer(summary.reused),
                "warnings": .integer(summary.warnings), "unclaimed": .integer(summary.unclaimed),
                "superseded": .array(summary.superseded.map { .string($0) }),
                "complete": .bool(summary.isComplete),
            ]
            Console.out(counts.text() + "\n")
        } else if !quiet {
            var text = "\(summary.ok) ok"
            if summary.reused > 0 { text += " (\(summary.reused) from an earlier run)" }
            text += ", \(summary.failed) failed, \(summary.skipped) skipped"
            if summary.warnings > 0 { text += ", \(summary.warnings) warnings" }
            text += summary.isComplete ? "; every item has its line in" : "; interrupted, go on with --resume; see"
            Console.error("\(text) \(trimmed(output))/manifest\(part.suffix).jsonl\n")
        }
    }

    /// Input must exist, and output must not lie where it could meet it.
    func checkFolders() throws {
        guard !inputs.isEmpty else { throw UsageError("name at least one file or folder to work on") }
        guard !output.isEmpty else { throw UsageError("name a folder for outputs: -o OUT") }
        let target = resolvedPath(output)
        try checkIsWritable(target)
        for input in inputs {
            guard FileManager.default.fileExists(atPath: input) || isLink(input) else {
                throw UsageError("there is no file or folder \(input)")
            }
            if isInside(resolvedPath(input), target) {
                throw UsageError(
                    "the output folder \(output) holds the input \(input); choose another, input is never changed")
            }
        }
    }

    /// A folder that is there must be one and take files; one that is not is made in the nearest that is.
    private func checkIsWritable(_ target: String) throws {
        var (folder, isFolder) = (target, ObjCBool(false))
        while !FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), folder != "/" {
            folder = URL(fileURLWithPath: folder).deletingLastPathComponent().path
        }
        guard isFolder.boolValue else {
            throw UsageError("the output folder \(output) can't be made: \(folder) is a file")
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            throw UsageError("the output folder \(output) can't be written: \(String(cString: strerror(errno)))")
        }
    }

    private func isLink(_ path: String) -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
    }

    private func trimmed(_ path: String) -> String {
        path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}

/// The names of options that were given, of each with whether it was.
func named(_ options: [(name: String, isGiven: Bool)]) -> [String] { options.filter(\.isGiven).map(\.name) }
