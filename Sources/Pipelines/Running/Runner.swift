public import Files
import Glibc
public import Parallel

/// Works through units: a sliding window over a stream, bounded by workers and by bytes, where one bad unit never
/// stops the rest and nothing depends on the order in which they finish.
public struct Runner: Sendable {
    public var output: String
    /// Items worked on at once; a single item gets the threads of those that are not there.
    public let workers: Workers
    /// Sum of the estimates of the units in flight; a single larger unit still runs, alone.
    public var memoryLimit: Int
    public var resume: Bool
    public var shard: Shard
    /// What `process` asks before it writes.
    public let claims = OutputClaims()

    public init(output: String, workers: Int, memoryLimit: Int, resume: Bool = false, shard: Shard = .whole) {
        (self.output, self.workers, self.memoryLimit) = (output, Workers(count: workers), memoryLimit)
        (self.resume, self.shard) = (resume, shard)
    }

    public var manifestPath: String { "\(output)/manifest\(shard.suffix).jsonl" }

    /// Keeps other runs of the shard out of the folder, which must be there, for as long as it is held.
    ///
    /// - Throws: `FileError` when another run has it.
    public func lock() throws(FileError) -> RunLock { try RunLock(output, shard) }

    /// - Parameters:
    ///   - units: made by discovery, possibly while the first are already worked on.
    ///   - lock: held already where more is written before and after; otherwise the folder is locked while this runs.
    ///   - key: the content key for `--resume`, of all that decides the result. Throwing fails the unit. Asked for before
    ///     the work where an earlier run may have done it, and otherwise after it, when what was read on the way is known.
    ///   - process: does the work and writes the outputs, each by `AtomicFile.prepare`. Called on threads that may block.
    ///   - reports: files about the whole of a run that was complete; they appear together with the manifest.
    /// - Returns: counts; `isComplete` is false after an interruption.
    /// - Throws: `FileError` when the manifest itself can't be written.
    public func run<Payload>(
        _ units: some AsyncSequence<WorkUnit<Payload>, Never> & Sendable, progress: RunProgress,
        under lock: RunLock? = nil,
        key: @escaping @Sendable (Payload) throws -> String,
        process: @escaping @Sendable (WorkUnit<Payload>, Payload) -> WorkResult,
        reports: @Sendable (RunSummary) throws(FileError) -> [PendingFile] = { _ in [] }
    ) async throws(FileError) -> RunSummary {
        try AtomicFile.makeFolder(output)
        let lock = if let lock { lock } else { try self.lock() }
        defer { withExtendedLifetime(lock) {} }
        // Only under the lock: what lies there may be another run's that goes on.
        let log = try ManifestLog(path: manifestPath, resume: resume)
        PartialFiles.remove(in: output, of: shard)
        let counts = Locked(RunSummary())
        let finish: @Sendable (ManifestEntry, Bool) -> Void = { entry, isReused in
            counts.withLock { $0.count(entry, isReused: isReused) }
            progress.finished(entry, isReused: isReused)
        }
        let committer = Committer(log, output: output) { finish($0, false) }
        let executor = BlockingExecutor(threads: workers.count)
        workers.giveUpOwnThread()
        defer { executor.stop() }

        let queue = UnitQueue<Payload>(memoryLimit: memoryLimit, capacity: 16 * workers.count)
        let isStopped: @Sendable () -> Bool = { Interruption.isRequested || committer.failure != nil }
        let names = await withTaskGroup(of: Void.self, returning: Set<PathKey>.self) { group in
            for _ in 0..<workers.count {
                group.addTask(executorPreference: executor) {
                    queue.work(isStopped: isStopped) { unit in
                        let reused = workers.asItem { work(unit, log, committer, key, process) }
                        if let reused { finish(reused, true) }
                    }
                }
            }
            var names: Set<PathKey> = []
            for await unit in units {
                if isStopped() { break }
                guard shard.contains(unit.name) else { continue }
                names.insert(PathKey(unit.name))
                await queue.put(unit)
            }
            queue.close()
            return names
        }
        committer.close()
        if let failure = committer.failure { throw failure }
        var summary = counts.withLock { $0 }
        summary.isComplete = !Interruption.isRequested
        if summary.isComplete {
            let lines = log.sorted().filter { !isAbandoned($0.entry, names) }
            summary.entries = lines.map(\.entry)
            summary.countUnclaimed(summary.entries) { names.contains(PathKey($0.item)) }
            let files = try workers.prepare { () throws(FileError) in
                [try log.prepare(lines, tag: shard.suffix)]
            } beside: { [summary] () throws(FileError) in
                try reports(summary)
            }
            try AtomicFile.publish(files, in: output)
        }
        return summary
    }

    /// Whether a kill left an item between two states and its input is gone since: then nobody knows whose its files are, and
    /// they go.
    private func isAbandoned(_ entry: ManifestEntry, _ names: Set<PathKey>) -> Bool {
        guard entry.error?.code == ManifestEntry.interrupted, !names.contains(PathKey(entry.item)) else { return false }
        for path in entry.outputs { claims.unlessTaken(path, from: entry.item) { unlink("\(output)/\(path)") } }
        return true
    }

    /// - Returns: what an earlier run made of the unit, where that holds; nil where it was submitted, or given up.
    private func work<Payload>(
        _ unit: WorkUnit<Payload>, _ log: ManifestLog, _ committer: Committer,
        _ key: (Payload) throws -> String, _ process: (WorkUnit<Payload>, Payload) -> WorkResult
    ) -> ManifestEntry? {
        var entry = ManifestEntry(item: unit.name, status: .ok, inputs: unit.inputs)
        let previous = log.entry(for: unit.name)
        var files: [PendingFile] = []
        switch unit.verdict {
        case .skip(let reason): (entry.status, entry.error) = (.skipped, reason)
        case .fail(let reason): (entry.status, entry.error) = (.failed, reason)
        case .process(let payload):
            do {
                // Sizes first: where a file is missing or cut off, the input need not be read for its digest.
                if let previous, previous.status == .ok,
                    previous.outputs.allSatisfy({ claims.claim($0, for: unit.name) == nil }),
                    let size = size(ofOutputs: previous.outputs),
                    previous.key?.hasSuffix("-\(size)") == true, try previous.key == "\(key(payload))-\(size)"
                {
                    return previous
                }
                switch process(unit, payload) {
                case .done(let written, let warnings, let details):
                    (files, entry.warnings, entry.details) = (written, warnings, details)
                case .held(let reason, let written, let details):
                    (entry.status, entry.error) = (.failed, reason)
                    (files, entry.details) = (written, details)
                case .failed(let reason): (entry.status, entry.error) = (.failed, reason)
                case .skipped(let reason): (entry.status, entry.error) = (.skipped, reason)
                case .interrupted: return nil
                }
                entry.key = "\(try key(payload))-\(size(of: files.map(\.temporaryPath)) ?? 0)"
                entry.outputs = files.map { String(Substring($0.path.utf8.dropFirst(output.utf8.count + 1))) }
                if let taken = foreignFile(among: entry.outputs, previous?.outputs ?? []) {
                    for file in files { file.discard() }
                    (files, entry.outputs, entry.warnings, entry.details) = ([], [], [], nil)
                    entry.status = .failed
                    entry.error = .init(
                        code: "output-exists", stage: "write",
                        message:
                            "\(unit.name): \(taken) is there already and not of this run; choose another folder, or move it"
                    )
                }
            } catch {
                for file in files { file.discard() }
                (files, entry.warnings, entry.details) = ([], [], nil)
                // Never the error's own path, which is absolute.
                let error = error as? FileError
                let file = unit.inputs.first { error?.path == $0 || error?.path.hasSuffix("/\($0)") == true }
                let message =
                    "\(unit.name): the input\(file.map { " \($0)" } ?? "") cannot be read: \(error?.reason ?? "unexpected error")"
                entry.status = .failed
                entry.error = .init(code: error?.code ?? "unreadable", stage: "read", message: message)
            }
        }
        // What an earlier pipeline wrote for this item and this one does not would no longer be true.
        for stale in Set((previous?.outputs ?? []).map(PathKey.init)).subtracting(entry.outputs.map(PathKey.init)) {
            claims.unlessTaken(stale.text, from: unit.name) { unlink("\(output)/\(stale.text)") }
        }
        committer.submit(entry, files, previous: previous)
        return nil
    }

    /// A file, or a folder, that an output would replace and that the manifest does not say is the item's: before a file gets
    /// its name the manifest announces it.
    private func foreignFile(among outputs: [String], _ known: [String]) -> String? {
        var status = stat()
        return outputs.first { path in
            lstat("\(output)/\(path)", &status) == 0
                && (status.st_mode & S_IFMT == S_IFDIR || !known.contains { PathKey($0) == PathKey(path) })
        }
    }

    /// Bytes of an item's outputs together; nil when one is not there.
    func size(ofOutputs outputs: [String]) -> Int? { size(of: outputs.map { "\(output)/\($0)" }) }

    /// Bytes of files together; nil when one is not there.
    private func size(of paths: [String]) -> Int? {
        var total = 0
        for path in paths {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            total += Int(status.st_size)
        }
        return total
    }
}
