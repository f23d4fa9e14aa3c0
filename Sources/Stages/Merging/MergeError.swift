/// Why shards cannot be joined, and what to do.
public struct MergeError: Error, Sendable, CustomStringConvertible {
    public let description: String

    /// Whether outputs had come into OUT before.
    public let hasBegun: Bool

    init(_ description: String, hasBegun: Bool = false) { (self.description, self.hasBegun) = (description, hasBegun) }
}
