import CDeflate
import Files
import Pipelines
import Volumes

/// NumPy's archive of arrays: a ZIP file (APPNOTE 6.3.10) of NPY files, stored as they are. Sizes and checksums stand in
/// front of the data, so that readers which only go forward can read it; times are those of 1980-01-01.
struct NPZFile: Sendable {
    private struct Entry: Sendable {
        var name: [UInt8]
        var head: [UInt8]
        var body: TensorBytes?
        var checksum: UInt32 = 0

        var size: Int { head.count + (body?.byteCount ?? 0) }
    }

    private var entries: [Entry] = []

    /// Image, masks and boxes; `box_labels` are texts, one a box.
    /// - Throws: `.tooLarge` for what ZIP without its 64-bit extension cannot hold.
    init(_ item: Item, as type: ElementType) throws(ItemError) {
        for array in try item.arrays(as: type) {
            entries.append(Entry(name: Array("\(array.name).npy".utf8), head: NPYFile.header(array), body: array.bytes))
        }
        if !item.boxes.isEmpty {
            entries.append(Entry(name: Array("box_labels.npy".utf8), head: NPYFile.texts(item.boxes.map(\.label))))
        }
        let total = entries.reduce(22) { $0 + $1.size + 2 * $1.name.count + 76 }
        guard total <= Int(UInt32.max) else {
            throw ItemError(
                .tooLarge, "npz holds less than 4 GiB here, and this is \(total) bytes; take npy or safetensors")
        }
        for index in entries.indices {
            let head = libdeflate_crc32(0, entries[index].head, entries[index].head.count)
            entries[index].checksum = entries[index].body?.checksum(after: head) ?? head
        }
    }

    var file: OutputFile {
        OutputFile(suffix: ".npz") { (sink) throws(FileError) in
            var (offset, directory): (Int, [UInt8]) = (0, [])
            for entry in entries {
                let common = Self.common(entry)
                directory += Self.word(0x0201_4b50) + Self.half(20) + common + Self.half(0) + Self.half(0)
                directory += Self.half(0) + Self.word(0) + Self.word(offset) + entry.name
                let header = Self.word(0x0403_4b50) + common + entry.name
                try sink.write(header)
                try sink.write(entry.head)
                try entry.body?.write(to: sink)
                offset += header.count + entry.size
            }
            try sink.write(directory)
            let count = Self.half(entries.count)
            try sink.write(
                Self.word(0x0605_4b50) + Self.half(0) + Self.half(0) + count + count + Self.word(directory.count)
                    + Self.word(offset) + Self.half(0))
        }
    }

    /// What the headers in front of the data and in the directory have in common: version 2.0, no flags, stored.
    private static func common(_ entry: Entry) -> [UInt8] {
        half(20) + half(0) + half(0) + half(0) + half(0x21) + word(Int(entry.checksum)) + word(entry.size)
            + word(entry.size) + half(entry.name.count) + half(0)
    }

    private static func half(_ value: Int) -> [UInt8] { (0..<2).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    private static func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
}
