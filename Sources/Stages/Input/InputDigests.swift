import Files
import Parallel

/// The digest of each file of an item, made once: when it is first asked for, or while the file is read for its pixels.
final class InputDigests: Sendable {
    private struct Known {
        var digest: String
        /// Of the file that was digested; nil where its pixels came from the same pass.
        var file: FileIdentity?
    }

    private let known = Locked<[PathKey: Known]>([:])

    /// In the order of the paths.
    func of(files paths: [String], _ workers: Workers) throws(FileError) -> [String] {
        let missing = known.withLock { known in paths.filter { known[PathKey($0)] == nil } }
        try workers.forEach(missing.count) { (index) throws(FileError) in
            let file = try FileReader(path: missing[index])
            let found = Known(digest: try InputDigest.of(file), file: file.identity)
            known.withLock { $0[PathKey(missing[index])] = found }
        }
        return known.withLock { known in paths.map { known[PathKey($0)]?.digest ?? "" } }
    }

    func note(_ digest: String, of path: String) { known.withLock { $0[PathKey(path)] = Known(digest: digest) } }

    /// To be asked once the pixels were read, which opens the files anew: they must be those that were digested.
    ///
    /// - Throws: `FileError`, `.changed`, when another file has the path by now, or something has written to it.
    func checkFiles() throws(FileError) {
        for (path, known) in known.withLock({ $0 }) {
            guard let file = known.file, FileIdentity(path: path.text) != file else { continue }
            throw FileError("read", path.text, .changed)
        }
    }
}
