import Files

/// A part of the items, chosen by name alone: part K of N is the same whatever else is in the folder.
public struct Shard: Sendable, Hashable, CustomStringConvertible {
    /// From 1 to `count`.
    public let index: Int
    public let count: Int

    public static let whole = Shard(index: 1, count: 1)

    init(index: Int, count: Int) { (self.index, self.count) = (index, count) }

    /// Reads "K/N" with 1 <= K <= N; nil when it is anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let index = parts[0], let count = parts[1], count >= 1, (1...count).contains(index)
        else { return nil }
        self.init(index: index, count: count)
    }

    /// Reads `suffix`; nil when it is anything else, or that of the whole.
    public init?(suffix: some StringProtocol) {
        self.init(String(suffix.dropFirst()).replacing("-of-", with: "/"))
        guard !suffix.isEmpty, self.suffix == suffix else { return nil }
    }

    /// "2/8"
    public var description: String { "\(index)/\(count)" }

    /// FNV-1a (64 bit) of the name, modulo the number of parts: disjoint, complete, and no coordination needed.
    public func contains(_ name: String) -> Bool {
        name.utf8.hash64 % UInt64(count) == UInt64(index - 1)
    }

    /// Goes into the names of files that belong to the shard and not to one item; empty for the whole.
    public var suffix: String { count == 1 ? "" : ".\(index)-of-\(count)" }

    /// The shard's own file where all of them are given one path: of 2/8, "map.2-of-8.bin" for "map.bin".
    public func path(_ given: String) -> String {
        let name = given.lastIndex(of: "/").map { given.index(after: $0) } ?? given.startIndex
        // A dot that a name begins with is no ending's.
        let ending = given[name...].dropFirst().lastIndex(of: ".") ?? given.endIndex
        return given[..<ending] + suffix + given[ending...]
    }
}
