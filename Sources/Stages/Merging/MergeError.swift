/// Why shards cannot be joined, and what to do. Nothing was written then.
public struct MergeError: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
