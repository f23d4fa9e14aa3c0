import Files
import Parallel

/// Makes finished items permanent: their files reach the disk and get their names, and only then does the manifest say
/// so. Items that finish in quick succession go together, because a sync takes longer than a small item.
///
/// A kill between finishing and committing costs a fraction of a second of work, which `--resume` does again.
final class Committer: Sendable {
    private struct Batch {
        var entries: [ManifestEntry] = []
        var files: [PendingFile] = []
    }

    private struct State {
        var waiting = Batch()
        var last = ContinuousClock.now
        var failure: FileError?
    }

    private let log: ManifestLog
    private let output: String
    private let state = Locked(State())

    /// Longest time that a finished item waits while others finish.
    private static let patience = Duration.milliseconds(250)

    init(_ log: ManifestLog, output: String) { (self.log, self.output) = (log, output) }

    /// The first error that kept something from becoming permanent; the run must stop then.
    var failure: FileError? { state.withLock { $0.failure } ?? log.failure }

    /// The thread that brings the last item of a batch commits it, while others go on and fill the next.
    func submit(_ entry: ManifestEntry, _ files: [PendingFile]) {
        let batch: Batch? = state.withLock { state in
            state.waiting.entries.append(entry)
            state.waiting.files += files
            return ContinuousClock.now - state.last > Self.patience ? take(&state) : nil
        }
        if let batch { commit(batch) }
    }

    /// Commits what waits.
    func flush() { commit(state.withLock { take(&$0) }) }

    private func take(_ state: inout State) -> Batch {
        defer { (state.waiting, state.last) = (Batch(), .now) }
        return state.waiting
    }

    private func commit(_ batch: Batch) {
        guard state.withLock({ $0.failure }) == nil else {
            for file in batch.files { file.discard() }
            return
        }
        do throws(FileError) {
            try AtomicFile.publish(batch.files, in: output)
            for entry in batch.entries { log.append(entry) }
        } catch {
            state.withLock { $0.failure = $0.failure ?? error }
        }
    }
}
