/// Unique identifiers (PS3.5 9).
public enum UID {
    /// Whether a text is a value of UI (PS3.5 9.1): digits in components parted by dots, at most 64 characters. Zeros ahead of
    /// a component, which the standard forbids too, do no harm and are let pass.
    public static func isValid(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { component in
                !component.isEmpty && component.allSatisfy { (0x30...0x39).contains($0) }
            }
    }

    /// One that is made, not assigned (PS3.5 B.2). Below 2.25: 128 bits of a hash in the form of a UUID of version 8 (RFC 9562). At most 44 characters.
    ///
    /// - Precondition: at least 16 bytes.
    public static func made(from hash: [UInt8]) -> String {
        precondition(hash.count >= 16, "a hash of \(hash.count) bytes for a UID")
        var bytes = Array(hash.prefix(16))
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        return "2.25.\(bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) })"
    }
}
