import COpenSSL

/// HMAC-SHA256 (RFC 2104) with one key: what nobody can compute, or compare with guesses, without it.
public final class KeyedHash: Sendable {
    /// The key's own blocks are digested once, so that a hash costs two blocks instead of four. OpenSSL only reads them.
    nonisolated(unsafe) private let inner: OpaquePointer
    nonisolated(unsafe) private let outer: OpaquePointer

    public init(key: [UInt8]) {
        let short = key.count > 64 ? SHA256Digest.of(key) : key
        let block = short + [UInt8](repeating: 0, count: 64 - short.count)
        func started(_ pad: UInt8) -> OpaquePointer {
            let context = EVP_MD_CTX_new()!
            let isReady = EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
            precondition(isReady, "OpenSSL offers no SHA-256")
            EVP_DigestUpdate(context, block.map { $0 ^ pad }, 64)
            return context
        }
        (inner, outer) = (started(0x36), started(0x5C))
    }

    deinit {
        EVP_MD_CTX_free(inner)
        EVP_MD_CTX_free(outer)
    }

    /// 32 bytes.
    public func hash(_ bytes: [UInt8]) -> [UInt8] {
        var first = SHA256Digest(from: inner)
        first.update(bytes)
        var second = SHA256Digest(from: outer)
        second.update(first.finish())
        return second.finish()
    }

    /// Of several texts, told apart: ("ab", "c") and ("a", "bc") differ.
    public func hash(_ parts: String...) -> [UInt8] {
        hash(
            parts.flatMap { part in withUnsafeBytes(of: UInt64(part.utf8.count).littleEndian, Array.init) + part.utf8 })
    }
}
