public import Cryptography
import DataSets
import Parallel

/// Names under the project's key: the same for the same original on every machine, and no way back without the key.
public final class Pseudonyms: Sendable {
    public let key: ProjectKey
    /// Study and series UIDs come again in each of their files.
    private let uids = Locked<[String: String]>([:])
    private static let remembered = 1 << 14

    public init(_ key: ProjectKey) { self.key = key }

    /// A UID made from the keyed hash of another.
    public func uid(_ original: String) -> String {
        if let known = uids.withLock({ $0[original] }) { return known }
        let mapped = UID.made(from: key.hash(for: .uid).hash(original))
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

    /// Of all that decides a result, the original's content among it: tells who has the key whether that is still the
    /// same. Without a key guesses of what was removed could be compared with it.
    public func digest(_ text: String) -> String { hexadecimal(key.hash(for: .path).hash("result", text)) }

    /// A part of a path for what a prefix says it is: eight characters that DICOM media allow (PS3.12, PS3.10 8.2).
    public func fileName(_ prefix: String, _ original: String) -> String {
        prefix + Subject.letters(key.hash(for: .path).hash(prefix, original), count: 8 - prefix.utf8.count)
    }
}
