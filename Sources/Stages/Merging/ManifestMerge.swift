import Files
import Pipelines

/// Lines of several manifests in the order of items.
///
/// Outputs begin with the name of their item. So two items that list one file begin alike, and of the items so far only those
/// are kept that the current one's name begins with.
final class ManifestMerge {
    private var readers: [ManifestReader]
    private let keepsEntries: Bool
    private let check: (ManifestEntry, ShardRecord) throws(MergeError) -> Void
    private(set) var summary = RunSummary()
    private var beginnings: [ManifestEntry] = []

    /// - Parameter check: called for each entry; what it throws ends the merge.
    init(
        readers: [ManifestReader], keepsEntries: Bool,
        check: @escaping (ManifestEntry, ShardRecord) throws(MergeError) -> Void
    ) {
        self.readers = readers.filter { $0.current != nil }
        (self.keepsEntries, self.check) = (keepsEntries, check)
    }

    /// - Returns: nil behind the last.
    /// - Throws: `MergeError` when two shards hold one item, when two items list one file, when a file is not there or not
    ///   whole, and for lines that are damaged or missing.
    func next() throws(MergeError) -> [UInt8]? {
        var least: (index: Int, item: PathKey)?
        for (index, reader) in readers.enumerated() {
            guard let item = (reader.current?.entry.item).map(PathKey.init) else { continue }
            if let other = least, other.item == item {
                throw MergeError(
                    "the item \(item.text) is in shards \(readers[other.index].record.shard) and \(reader.record.shard)"
                )
            }
            if least.map({ item < $0.item }) ?? true { least = (index, item) }
        }
        guard let index = least?.index, let (entry, line) = readers[index].current else { return nil }
        try check(entry)
        try readers[index].record.require(outputsOf: entry)
        try check(entry, readers[index].record)
        summary.count(entry)
        if keepsEntries { summary.entries.append(entry) }
        try readers[index].advance()
        if readers[index].current == nil { readers.remove(at: index) }
        return line
    }

    private func check(_ entry: ManifestEntry) throws(MergeError) {
        while let last = beginnings.last, !PathKey(entry.item).hasPrefix(last.item) { beginnings.removeLast() }
        for other in beginnings {
            guard
                let path = other.outputs.first(where: { path in
                    entry.outputs.contains { PathKey($0) == PathKey(path) }
                })
            else { continue }
            throw MergeError(
                "the file \(path) is listed by two items, \(other.item) and \(entry.item), and holds what the later one wrote; "
                    + "run the shards again into a new folder")
        }
        beginnings.append(entry)
    }
}
