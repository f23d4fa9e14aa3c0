import Files
import Foundation
import Pipelines

/// The lines of a finished manifest one after the other, in the order of items: memory is that of one line.
final class ManifestReader {
    let record: ShardRecord
    private let file: FileReader
    private let decoder = JSONDecoder()
    private var (offset, buffer): (Int, ArraySlice<UInt8>) = (0, [])
    private var count = 0
    private(set) var current: (entry: ManifestEntry, line: [UInt8])?

    /// Stands at the first line.
    init(_ record: ShardRecord) throws(MergeError) {
        self.record = record
        do throws(FileError) {
            file = try FileReader(path: record.manifestPath)
        } catch {
            throw MergeError(error.description)
        }
        try advance()
    }

    /// Goes to the next line; `current` is nil behind the last.
    ///
    /// - Throws: `MergeError` for lines that are damaged, out of order, of another shard, or of files elsewhere, and behind
    ///   the last when there are not as many as the run had.
    func advance() throws(MergeError) {
        let previous = current?.entry.item
        guard let line = try nextLine() else {
            current = nil
            guard record.lineCount == nil || record.lineCount == count else {
                throw MergeError(
                    "\(record.manifestPath) has \(count) lines and run\(record.shard.suffix).json counts \(record.lineCount!): lines were lost, or "
                        + "a later run was broken off; go on with --shard \(record.shard) --resume")
            }
            return
        }
        count += 1
        guard let entry = try? decoder.decode(ManifestEntry.self, from: Data(line)) else {
            throw MergeError("\(record.manifestPath) has a damaged line; go on with --shard \(record.shard) --resume")
        }
        guard previous.map({ PathKey($0) < PathKey(entry.item) }) ?? true else {
            throw MergeError(
                "\(record.manifestPath) is not in the order of items, as of a shard that was broken off; "
                    + "go on with --shard \(record.shard) --resume")
        }
        guard record.shard.contains(entry.item) else {
            throw MergeError(
                "\(record.manifestPath) holds the item \(entry.item), which is not of shard \(record.shard)")
        }
        // Outputs are linked or copied by what the line says.
        guard entry.outputs.allSatisfy({ !$0.hasPrefix("/") && !$0.pathParts().contains("..") }) else {
            throw MergeError("\(record.manifestPath) names an output outside of its folder; it was changed")
        }
        current = (entry, line)
    }

    private func nextLine() throws(MergeError) -> [UInt8]? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                defer { buffer = buffer[(end + 1)...] }
                return Array(buffer[...end])
            }
            let part: [UInt8]
            do throws(FileError) {
                part = try file.bytes(at: offset, count: 1 << 16)
            } catch {
                throw MergeError(error.description)
            }
            guard !part.isEmpty else {
                guard buffer.isEmpty else { throw MergeError("\(record.manifestPath) ends within a line") }
                return nil
            }
            offset += part.count
            buffer = ArraySlice(Array(buffer) + part)
        }
    }
}
