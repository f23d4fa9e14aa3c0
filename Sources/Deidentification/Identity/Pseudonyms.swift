public import Cryptography
import Parallel

/// Names under the project's key: the same for the same original on every machine, and no way back without the key.
public final class Pseudonyms: Sendable {
    public let key: ProjectKey
    /// Study and series UIDs come again in each of their files.
    private let uids = Locked<[String: String]>([:])
    private static let remembered = 1 << 14

    public init(_ key: ProjectKey) { self.key = key }

    /// A UID below 2.25 (PS3.5 B.2): 128 bits of the hash in the form of a UUID of version 8 (RFC 9562). At most 44
    /// characters.
    public func uid(_ original: String) -> String {
        if let known = uids.withLock({ $0[original] }) { return known }
        var bytes = Array(key.hash(for: .uid).hash(original).prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let number = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        let mapped = "2.25.\(number)"
        uids.withLock { uids in
            if uids.count >= Self.remembered { uids.removeAll(keepingCapacity: true) }
            uids[original] = mapped
        }
        return mapped
    }

    /// A name for an identifier, or for a text of a policy's choice: capitals and digits.
    public func name(_ original: String, _ domain: ProjectKey.Domain = .id, count: Int = 16) -> String {
        Subject.letters(key.hash(for: domain).hash(original), count: count)
    }

    /// A part of a path for what a prefix says it is: eight characters that DICOM media allow (PS3.12, PS3.10 8.2).
    public func fileName(_ prefix: String, _ original: String) -> String {
        prefix + Subject.letters(key.hash(for: .path).hash(prefix, original), count: 8 - prefix.utf8.count)
    }
}
