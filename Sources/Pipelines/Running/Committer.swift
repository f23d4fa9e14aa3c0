import Files
import Foundation

/// Makes finished items permanent. First the manifest announces which files are about to be replaced, so that a line of an
/// earlier run no longer vouches for them; then the files reach the disk and get their names, and only then does the manifest
/// say that the items are done. Items that finish in quick succession go together, because a sync takes longer than a small
/// item; a thread of its own waits for the disk, so that no worker does.
///
/// A kill between finishing and committing costs a fraction of a second of work, which `--resume` does again.
final class Committer: @unchecked Sendable {
    // Unchecked: everything that changes is only touched under `condition`.
    private let log: ManifestLog
    private let output: String
    private let finished: @Sendable (ManifestEntry) -> Void
    private let condition = TimedCondition()
    private var waiting: [Finished] = []
    private var isClosing = false
    private var isDone = false
    private var problem: FileError?

    /// An item whose files wait for their names.
    private struct Finished {
        var entry: ManifestEntry
        var line: [UInt8]
        /// Nil where there is nothing to announce.
        var announcement: (entry: ManifestEntry, line: [UInt8])?
        var files: [PendingFile]
    }

    /// Longest time that a finished item waits while others finish.
    private static let patience = Duration.milliseconds(250)
    /// Finished items that may wait for a disk that is slower than the work.
    private static let most = 10_000

    /// - Parameter finished: called for each item once its line is there, on the committer's thread.
    init(_ log: ManifestLog, output: String, finished: @escaping @Sendable (ManifestEntry) -> Void) {
        (self.log, self.output, self.finished) = (log, output, finished)
        let thread = Thread { [self] in
            while let batch = next() { commit(batch) }
            condition.withLock { isDone = true }
            condition.broadcast()
        }
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// The first error that kept something from becoming permanent; the run must stop then.
    var failure: FileError? { condition.withLock { problem } ?? log.failure }

    /// - Parameter previous: what the manifest has said of the item.
    func submit(_ entry: ManifestEntry, _ files: [PendingFile], previous: ManifestEntry?) {
        let announcement = files.isEmpty ? nil : ManifestEntry(announcing: entry, over: previous)
        let item = Finished(
            entry: entry, line: ManifestLog.line(of: entry),
            announcement: announcement.map { ($0, ManifestLog.line(of: $0)) }, files: files)
        condition.withLock {
            while waiting.count >= Self.most { condition.wait() }
            waiting.append(item)
            // The thread sleeps while a batch comes together: being woken for each item would cost more than the item.
            if [1, Self.most].contains(waiting.count) { condition.broadcast() }
        }
    }

    /// Commits what waits, and takes no more.
    func close() {
        condition.withLock {
            isClosing = true
            condition.broadcast()
            while !isDone { condition.wait() }
        }
    }

    /// What has come together; nil when there is no more to come.
    private func next() -> [Finished]? {
        condition.withLock {
            while waiting.isEmpty && !isClosing { condition.wait() }
            let deadline = TimedCondition.Deadline(after: Self.patience)
            while !isClosing, waiting.count < Self.most, condition.wait(until: deadline) {}
            defer {
                waiting = []
                condition.broadcast()
            }
            return waiting.isEmpty ? nil : waiting
        }
    }

    private func commit(_ batch: [Finished]) {
        do throws(FileError) {
            if let problem = condition.withLock({ problem }) { throw problem }
            for announcement in batch.compactMap(\.announcement) { log.append(announcement.entry, announcement.line) }
            if let failure = log.failure { throw failure }
            let refused = try AtomicFile.publish(
                batch.flatMap(\.files), in: output, skipping: { Self.isOfOneItem($0) })
            for item in batch { commit(item, refused) }
        } catch {
            for file in batch.flatMap(\.files) { file.discard() }
            condition.withLock { problem = problem ?? error }
        }
    }

    private func commit(_ item: Finished, _ refused: [PendingFile: FileError]) {
        guard !refused.isEmpty, let error = item.files.lazy.compactMap({ refused[$0] }).first else {
            log.append(item.entry, item.line)
            return finished(item.entry)
        }
        for path in item.entry.outputs { unlink("\(output)/\(path)") }
        let entry = item.entry.failing(
            .init(
                code: error.code, stage: "write",
                message: "\(item.entry.item): an output cannot get its name (\(error.reason)), which is a folder's, or "
                    + "too long; rename the item's file, or the folder"))
        log.append(entry, ManifestLog.line(of: entry))
        finished(entry)
    }

    /// Whether a refusal has to do with the name of that file alone, and not with the disk.
    private static func isOfOneItem(_ error: FileError) -> Bool {
        [EISDIR, ENOTDIR, ENOTEMPTY, EEXIST, ENAMETOOLONG].contains { error.problem == .system($0) }
    }
}

extension ManifestEntry {
    /// What the manifest says while an item's files get their names. It holds after a kill: whose the files are is not known
    /// then, and the item is done again.
    init(announcing entry: ManifestEntry, over previous: ManifestEntry?) {
        let earlier = previous?.outputs ?? []
        let known = Set(earlier.map(PathKey.init))
        self.init(
            item: entry.item, status: .failed, inputs: entry.inputs,
            outputs: earlier + entry.outputs.filter { !known.contains(PathKey($0)) },
            error: .init(
                code: Self.interrupted, stage: "write",
                message: "\(entry.item): the run was broken off while its files were written; go on with --resume"))
    }

    /// The code of an item that was only announced.
    static let interrupted = "interrupted"

    /// The same item without its results.
    func failing(_ reason: Failure) -> ManifestEntry {
        ManifestEntry(item: item, status: .failed, inputs: inputs, error: reason, key: key)
    }
}
