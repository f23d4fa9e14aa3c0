import Cryptography
import Files

/// SHA-256 digests, in lower-case hexadecimal.
enum Digest {
    static func of(_ text: String) -> String { hexadecimal(SHA256Digest.of(Array(text.utf8))) }

    /// Of lines, each ended by a newline.
    static func of(_ lines: some Sequence<String>) -> String {
        var hash = SHA256Digest()
        for line in lines { hash.update(Array("\(line)\n".utf8)) }
        return hexadecimal(hash.finish())
    }

    /// Of a file's content, read a mebibyte at a time.
    static func of(file path: String) throws(FileError) -> String {
        let file = try FileReader(path: path)
        var hash = SHA256Digest()
        var offset = 0
        while offset < file.size {
            let part = try file.bytes(at: offset, count: min(1 << 20, file.size - offset))
            guard !part.isEmpty else { throw FileError("read", path, .changed) }
            hash.update(part)
            offset += part.count
        }
        return hexadecimal(hash.finish())
    }
}

/// Names for the identifiers of one listing: equal identifiers get equal names, and nothing links them to any other
/// listing, because their key is forgotten with this value.
public struct ListingNames: Sendable {
    private let hash: KeyedHash

    public init() {
        var generator = SystemRandomNumberGenerator()
        hash = KeyedHash(key: (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// Sixteen hexadecimal digits; empty for an empty identifier.
    public func name(of identifier: String) -> String {
        identifier.isEmpty ? "" : hexadecimal(hash.hash(Array(identifier.utf8)).prefix(8))
    }
}
