import Files
import Foundation

/// Makes finished items permanent: their files reach the disk and get their names, and only then does the manifest say
/// so. Items that finish in quick succession go together, because a sync takes longer than a small item; a thread of its
/// own waits for the disk, so that no worker does.
///
/// A kill between finishing and committing costs a fraction of a second of work, which `--resume` does again.
final class Committer: @unchecked Sendable {
    // Unchecked: everything that changes is only touched under `condition`.
    private let log: ManifestLog
    private let output: String
    private let condition = NSCondition()
    private var waiting = Batch()
    private var isClosing = false
    private var isDone = false
    private var problem: FileError?

    private struct Batch {
        var entries: [(ManifestEntry, line: [UInt8])] = []
        var files: [PendingFile] = []
    }

    /// Longest time that a finished item waits while others finish.
    private static let patience = 0.25
    /// Finished items that may wait for a disk that is slower than the work.
    private static let most = 10_000

    init(_ log: ManifestLog, output: String) {
        (self.log, self.output) = (log, output)
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

    func submit(_ entry: ManifestEntry, _ files: [PendingFile]) {
        let line = ManifestLog.line(of: entry)
        condition.withLock {
            while waiting.entries.count >= Self.most { condition.wait() }
            waiting.entries.append((entry, line))
            waiting.files += files
            // The thread sleeps while a batch comes together: being woken for each item would cost more than the item.
            if [1, Self.most].contains(waiting.entries.count) { condition.broadcast() }
        }
    }

    /// Commits what waits, and takes no more.
    func close() {
        condition.lock()
        isClosing = true
        condition.broadcast()
        while !isDone { condition.wait() }
        condition.unlock()
    }

    /// What has come together; nil when there is no more to come.
    private func next() -> Batch? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.entries.isEmpty && !isClosing { condition.wait() }
        let deadline = Date(timeIntervalSinceNow: Self.patience)
        while !isClosing, waiting.entries.count < Self.most, condition.wait(until: deadline) {}
        defer {
            waiting = Batch()
            condition.broadcast()
        }
        return waiting.entries.isEmpty ? nil : waiting
    }

    private func commit(_ batch: Batch) {
        guard condition.withLock({ problem }) == nil else {
            for file in batch.files { file.discard() }
            return
        }
        do throws(FileError) {
            try AtomicFile.publish(batch.files, in: output)
            for (entry, line) in batch.entries { log.append(entry, line) }
        } catch {
            condition.withLock { problem = problem ?? error }
        }
    }
}
