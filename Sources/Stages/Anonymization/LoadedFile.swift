import DataSets
import Files
import Parallel

/// A file that is read once for its content and its digest, and let go of when the content is not needed any more.
final class LoadedFile: Sendable {
    let path: String
    private let state = Locked<(source: ByteSource?, digest: String?)>((nil, nil))

    init(path: String) { self.path = path }

    func source() throws(FileError) -> ByteSource {
        if let source = state.withLock({ $0.source }) { return source }
        let source = try ByteSource(file: FileReader(path: path))
        let digest = source.whole.map { bytes in
            let digest = InputDigest()
            bytes.withUnsafeBytes { digest.update($0) }
            return digest.finish()
        }
        state.withLock { $0 = (source, digest) }
        return source
    }

    /// XXH3 of the content.
    func digest() throws(FileError) -> String {
        if let digest = state.withLock({ $0.digest }) { return digest }
        let digest = try InputDigest.of(file: path)
        state.withLock { $0.digest = digest }
        return digest
    }

    func release() { state.withLock { $0.source = nil } }
}
