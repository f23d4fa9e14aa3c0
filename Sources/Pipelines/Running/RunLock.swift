public import Files
import Glibc

/// Whoever holds it is alone with the files of one shard in an output folder, until everything is written: items, archives,
/// pages and `run.json`.
///
/// It lies on a hidden file of its own, because the manifest is replaced at the end and a lock goes with the file. The file is
/// removed afterwards; one that a kill leaves behind is free, is no output, and goes with the next run.
public final class RunLock: Sendable {
    private let path: String
    private let descriptor: Int32

    private static let prefix = ".hilum-lock"

    /// Whether a file at the top of an output folder is a lock.
    public static func isLock(_ name: String) -> Bool { name.hasPrefix(prefix) }

    /// - Parameter folder: must be there.
    /// - Throws: `FileError`; `isTaken` is true when another process holds it.
    public init(_ folder: String, _ shard: Shard) throws(FileError) {
        path = "\(folder)/\(Self.prefix)\(shard.suffix)"
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o666)
            guard descriptor >= 0 else { throw FileError("create", path) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let number = errno
                close(descriptor)
                throw FileError("lock (is another run writing there?)", path, number: number)
            }
            var (locked, named) = (stat(), stat())
            // Its holder may have removed it between the two calls.
            if fstat(descriptor, &locked) == 0, stat(path, &named) == 0, locked.st_ino == named.st_ino {
                self.descriptor = descriptor
                return
            }
            close(descriptor)
        }
    }

    deinit {
        unlink(path)
        close(descriptor)
    }
}

extension FileError {
    /// Whether another process holds the lock that was asked for.
    public var isTaken: Bool { problem == .system(EWOULDBLOCK) }
}
