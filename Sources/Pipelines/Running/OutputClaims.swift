import Files
import Parallel

/// Which item of a run writes which file. Discovery names items so that no two mean one file; where two do all the same,
/// the later one fails and the other's file stays whole.
public final class OutputClaims: Sendable {
    /// By the hashes of paths, which take a quarter of the paths' memory.
    private let owners = Locked<[Int: PathKey]>([:])

    /// Takes a path, relative to OUT, for an item before anything is written there.
    ///
    /// - Returns: the other item that it is of already; nil when it is this one's from now on.
    public func claim(_ path: String, for item: String) -> String? {
        owners.withLock { owners in
            if let owner = Self.owner(of: path, in: owners), owner != PathKey(item) { return owner.text }
            owners[PathKey(path).hashValue] = PathKey(item)
            return nil
        }
    }

    /// Calls `body` unless the path is another item's; nobody takes it meanwhile.
    func unlessTaken(_ path: String, from item: String, _ body: () -> Void) {
        owners.withLock { owners in
            if Self.owner(of: path, in: owners) ?? PathKey(item) == PathKey(item) { body() }
        }
    }

    /// The outputs of an item begin with its name: another item is no owner, and its path has the same hash by chance.
    private static func owner(of path: String, in owners: [Int: PathKey]) -> PathKey? {
        owners[PathKey(path).hashValue].flatMap { PathKey(path).hasPrefix($0.text) ? $0 : nil }
    }
}
