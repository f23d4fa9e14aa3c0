import Files
import Parallel

/// The digest of each file of an item, made once: when it is first asked for, or while the file is read for its pixels.
final class InputDigests: Sendable {
    private let known = Locked<[PathKey: String]>([:])

    /// In the order of the paths.
    func of(files paths: [String], _ workers: Workers) throws(FileError) -> [String] {
        let missing = known.withLock { known in paths.filter { known[PathKey($0)] == nil } }
        try workers.forEach(missing.count) { (index) throws(FileError) in
            note(try InputDigest.of(file: missing[index]), of: missing[index])
        }
        return known.withLock { known in paths.map { known[PathKey($0)] ?? "" } }
    }

    func note(_ digest: String, of path: String) { known.withLock { $0[PathKey(path)] = digest } }
}
