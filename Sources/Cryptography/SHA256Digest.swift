import COpenSSL

/// A SHA-256 digest under way (FIPS 180-4).
public struct SHA256Digest: ~Copyable {
    let context: OpaquePointer

    public init() {
        // OpenSSL returns null only when memory is exhausted.
        context = EVP_MD_CTX_new()!
        let isReady = EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
        precondition(isReady, "OpenSSL offers no SHA-256")
    }

    /// Goes on from what another has digested so far.
    init(from other: OpaquePointer) {
        context = EVP_MD_CTX_new()!
        let isCopied = EVP_MD_CTX_copy_ex(context, other) == 1
        precondition(isCopied, "OpenSSL cannot copy a digest")
    }

    deinit { EVP_MD_CTX_free(context) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    public mutating func update(_ bytes: [UInt8]) { EVP_DigestUpdate(context, bytes, bytes.count) }

    /// 32 bytes. The digest must not be used any more.
    public mutating func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_DigestFinal_ex(context, &digest, nil)
        return digest
    }

    public static func of(_ bytes: [UInt8]) -> [UInt8] {
        var digest = SHA256Digest()
        digest.update(bytes)
        return digest.finish()
    }
}

/// In lower case.
@inlinable
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }
    var digits: [UInt8] = []
    digits.reserveCapacity(2 * bytes.underestimatedCount)
    for byte in bytes {
        digits.append(digit(byte >> 4))
        digits.append(digit(byte & 15))
    }
    return String(decoding: digits, as: UTF8.self)
}
