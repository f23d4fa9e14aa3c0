import Glibc

/// A path, or a name in one, as the file system compares it: by its bytes. To Swift, strings that differ only in Unicode
/// form are equal (Unicode 15 Standard Annex 15: é is one scalar or two), and so one key of a table, while the files
/// that they name are two.
public struct PathKey: Hashable, Comparable, Sendable {
    public let text: String

    public init(_ text: String) { self.text = text }

    public static func == (one: PathKey, other: PathKey) -> Bool {
        one.text.utf8.count == other.text.utf8.count && one.compared(to: other) == 0
    }

    public static func < (one: PathKey, other: PathKey) -> Bool { one.compared(to: other) < 0 }

    /// Below 0, 0, or above it, as bytes come before, are alike, or come behind.
    private func compared(to other: PathKey) -> Int {
        text.utf8Span.span.withUnsafeBytes { bytes in
            other.text.utf8Span.span.withUnsafeBytes { others in
                let count = min(bytes.count, others.count)
                let order = count == 0 ? 0 : memcmp(bytes.baseAddress!, others.baseAddress!, count)
                return order == 0 ? bytes.count - others.count : Int(order)
            }
        }
    }

    public func hash(into hasher: inout Hasher) {
        text.utf8Span.span.withUnsafeBytes { hasher.combine(bytes: $0) }
    }

    /// Whether bytes are the first of the path's.
    public func hasPrefix(_ start: String) -> Bool { text.utf8.starts(with: start.utf8) }
}

extension Sequence<String> {
    /// Paths or names in the order of their bytes, which is that of `sorted()` where all are ASCII.
    package func sortedByBytes() -> [String] { map(PathKey.init).sorted().map(\.text) }
}

extension String {
    /// What stands between the slashes of a path. A combining mark behind a slash makes one `Character` with it.
    package func pathParts(omittingEmpty: Bool = true) -> [String] {
        utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: omittingEmpty).map { String(Substring($0)) }
    }

    /// Where the last slash of a path is.
    package var lastSlash: Index? { utf8.lastIndex(of: UInt8(ascii: "/")) }
}

extension Sequence<UInt8> {
    /// FNV-1a of 64 bits: the same on every machine and in every version.
    package var hash64: UInt64 { reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 } }
}
