public import Cryptography

/// Links entries so that none can be changed, left out or moved unnoticed: each digest covers the entry and the digest
/// before it. The last one is sealed with the project's key.
public struct HashChain: Sendable {
    /// Digest up to here, in lower-case hexadecimal.
    public private(set) var head: String

    /// - Parameter start: what all entries were made under: policy, edition, program.
    public init(start: [UInt8]) { head = hexadecimal(SHA256Digest.of(start)) }

    /// - Parameter entry: one line, always written the same way.
    public mutating func append(_ entry: [UInt8]) {
        head = hexadecimal(SHA256Digest.of("\(head)\n".utf8 + entry))
    }

    /// What only the holder of the key can make of the head.
    public func seal(_ key: ProjectKey) -> String { hexadecimal(key.hash(for: .report).hash("chain", head)) }
}
