import DataSets
import Files
import Parallel

/// A file that is read once for its content and its digest, and let go of when the content is not needed any more. It must
/// still be the one that the survey looked at: whose it is was found out there.
final class LoadedFile: Sendable {
    let path: String
    private let state = Locked<(source: ByteSource?, digest: String?)>((nil, nil))

    private let identity: FileIdentity?

    /// - Parameter identity: as the survey found it; nil when it could not be read.
    init(path: String, identity: FileIdentity?) { (self.path, self.identity) = (path, identity) }

    /// - Throws: `FileError`, `.changed` when another lies there by now, or something was written to it.
    private func open() throws(FileError) -> FileReader {
        let file = try FileReader(path: path)
        guard file.identity == identity else { throw FileError("read", path, .changed) }
        return file
    }

    /// Asked for once the work is done, parts of which open the file by its path.
    func checkIsUnchanged() throws(FileError) { _ = try open() }

    /// - Throws: `FileError`.
    func source() throws(FileError) -> ByteSource {
        if let source = state.withLock({ $0.source }) { return source }
        let source = try ByteSource(file: open())
        let digest = source.whole.map { bytes in
            let digest = InputDigest()
            bytes.withUnsafeBytes { digest.update($0) }
            return digest.finish()
        }
        state.withLock { $0 = (source, digest) }
        return source
    }

    /// XXH3 of the content.
    /// - Throws: `FileError`.
    func digest() throws(FileError) -> String {
        if let digest = state.withLock({ $0.digest }) { return digest }
        let digest = try InputDigest.of(open())
        state.withLock { $0.digest = digest }
        return digest
    }

    func release() { state.withLock { $0.source = nil } }
}
