import COpenSSL
import Files
import Glibc

/// SHA-256 digests, in lower-case hexadecimal.
enum Digest {
    static func of(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var hash = Hash()
        bytes.withUnsafeBytes { hash.update($0) }
        return hash.finish()
    }

    /// Of a file's content, read a mebibyte at a time.
    static func of(file path: String) throws(FileError) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("open", path) }
        defer { close(descriptor) }
        var hash = Hash()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError("read", path)
            }
            if count == 0 { return hash.finish() }
            buffer.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }
}

/// Names for identifiers that cannot be turned back without the key: HMAC-SHA256 (RFC 2104).
public struct Pseudonyms: Sendable {
    private let key: [UInt8]

    /// A key of 256 random bits that is forgotten with this value: equal identifiers get equal names, and nothing links
    /// them to any other listing.
    public init() {
        var generator = SystemRandomNumberGenerator()
        key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// Sixteen hexadecimal digits; empty for an empty identifier.
    public func name(of identifier: String) -> String {
        guard !identifier.isEmpty else { return "" }
        let bytes = Array(identifier.utf8)
        var code = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 32
        let done = HMAC(EVP_sha256(), key, Int32(key.count), bytes, bytes.count, &code, &count)
        precondition(done != nil, "OpenSSL offers no HMAC")
        return hexadecimal(code.prefix(8))
    }
}

private func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// One SHA-256 under way.
private struct Hash: ~Copyable {
    private let context: OpaquePointer

    init() {
        // OpenSSL returns null only when memory is exhausted.
        context = EVP_MD_CTX_new()!
        let isReady = EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
        precondition(isReady, "OpenSSL offers no SHA-256")
    }

    deinit { EVP_MD_CTX_free(context) }

    mutating func update(_ bytes: UnsafeRawBufferPointer) { EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) }

    mutating func finish() -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_DigestFinal_ex(context, &digest, nil)
        return hexadecimal(digest)
    }
}
