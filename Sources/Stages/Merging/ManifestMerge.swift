import Pipelines

/// Lines of several manifests in the order of items.
final class ManifestMerge {
    private var readers: [ManifestReader]
    private let keepsEntries: Bool
    private(set) var summary = RunSummary()

    init(readers: [ManifestReader], keepsEntries: Bool) {
        self.readers = readers.filter { $0.current != nil }
        self.keepsEntries = keepsEntries
    }

    /// - Returns: nil behind the last.
    /// - Throws: `MergeError` when two shards hold one item, and for damaged lines.
    func next() throws(MergeError) -> [UInt8]? {
        var least: (index: Int, item: String)?
        for (index, reader) in readers.enumerated() {
            guard let item = reader.current?.entry.item else { continue }
            if let other = least, other.item == item {
                throw MergeError(
                    "the item \(item) is in shards \(readers[other.index].record.shard) and \(reader.record.shard)")
            }
            if least.map({ item < $0.item }) ?? true { least = (index, item) }
        }
        guard let index = least?.index, let (entry, line) = readers[index].current else { return nil }
        summary.count(entry)
        if keepsEntries { summary.entries.append(entry) }
        try readers[index].advance()
        if readers[index].current == nil { readers.remove(at: index) }
        return line
    }
}
