import Files
import Parallel

/// Makes finished items permanent: their files reach the disk and get their names, and only then does the manifest say
/// so. Items that finish in quick succession go together, because a sync takes longer than a small item.
///
/// A kill between finishing and committing costs a fraction of a second of work, which `--resume` does again.
final class Committer: Sendable {
    private struct State {
        var entries: [ManifestEntry] = []
        var files: [PendingFile] = []
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

    func submit(_ entry: ManifestEntry, _ files: [PendingFile]) {
        state.withLock { state in
            state.entries.append(entry)
            state.files += files
            if ContinuousClock.now - state.last > Self.patience { commit(&state) }
        }
    }

    /// Commits what waits.
    func flush() { state.withLock { commit(&$0) } }

    private func commit(_ state: inout State) {
        defer { (state.entries, state.files, state.last) = ([], [], .now) }
        guard state.failure == nil else {
            for file in state.files { file.discard() }
            return
        }
        do throws(FileError) {
            try AtomicFile.publish(state.files, in: output)
            for entry in state.entries { log.append(entry) }
        } catch {
            state.failure = error
        }
    }
}
