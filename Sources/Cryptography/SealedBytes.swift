import COpenSSL

/// Bytes that only the project key opens, and that cannot be changed unnoticed: AES-256-GCM (NIST SP 800-38D).
///
/// Layout: 12 bytes nonce, the sealed bytes, 16 bytes tag.
public enum SealedBytes {
    private static let (nonceSize, tagSize) = (12, 16)

    public static func seal(_ bytes: [UInt8], with key: ProjectKey) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        let nonce = (0..<nonceSize).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let context = EVP_CIPHER_CTX_new()!
        defer { EVP_CIPHER_CTX_free(context) }
        var (sealed, tag) = ([UInt8](repeating: 0, count: bytes.count), [UInt8](repeating: 0, count: tagSize))
        var (count, last): (Int32, Int32) = (0, 0)
        let isSealed =
            EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key.secret(for: .map), nonce) == 1
            && EVP_EncryptUpdate(context, &sealed, &count, bytes, Int32(bytes.count)) == 1
            && EVP_EncryptFinal_ex(context, &tag, &last) == 1
            && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tagSize), &tag) == 1
        precondition(isSealed, "OpenSSL offers no AES-256-GCM")
        return nonce + sealed + tag
    }

    /// - Returns: nil when the bytes were sealed with another key, or changed.
    public static func open(_ sealed: [UInt8], with key: ProjectKey) -> [UInt8]? {
        guard sealed.count >= nonceSize + tagSize else { return nil }
        let nonce = Array(sealed.prefix(nonceSize))
        let body = Array(sealed.dropFirst(nonceSize).dropLast(tagSize))
        var tag = Array(sealed.suffix(tagSize))
        let context = EVP_CIPHER_CTX_new()!
        defer { EVP_CIPHER_CTX_free(context) }
        var bytes = [UInt8](repeating: 0, count: body.count + tagSize)
        var (count, last): (Int32, Int32) = (0, 0)
        guard EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key.secret(for: .map), nonce) == 1,
            EVP_DecryptUpdate(context, &bytes, &count, body, Int32(body.count)) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tagSize), &tag) == 1,
            bytes.withUnsafeMutableBufferPointer({
                EVP_DecryptFinal_ex(context, $0.baseAddress! + Int(count), &last) == 1
            })
        else { return nil }
        return Array(bytes.prefix(Int(count + last)))
    }
}
