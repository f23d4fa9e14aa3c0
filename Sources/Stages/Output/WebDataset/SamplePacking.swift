import Files
import Glibc
import Pipelines

/// Packs the files of a run's items into tar files as WebDataset reads them, when all items are done: in the order of
/// names, so that neither workers nor kills show in any byte.
///
/// A sample holds its item's NPY, JSON and PNG files: the image, masks, boxes, findings, pictures and the sidecar. The
/// items' own files stay: `--resume` and `hilum merge` go by them. A sample is called like its item, with its variant where
/// there are several, `%` and `.` of the last part escaped as `%25` and `%2E`, because WebDataset takes what follows the
/// first dot for the kind of file.
struct SamplePacking {
    /// OUT.
    let folder: String
    /// Of the run's shard: "" or ".2-of-8".
    let suffix: String
    let most: (items: Int, bytes: Int)

    private static let kinds = ["npy", "json", "png"]

    private struct Sample {
        var key: String
        /// Path below the folder, the kind of file behind the key, bytes.
        var files: [(path: String, kind: String, size: Int)]
        var bytes: Int { files.reduce(0) { $0 + 3 * TarHeader.blockSize + $1.size } }
    }

    init(folder: String, suffix: String, options: TensorOptions) {
        (self.folder, self.suffix) = (folder, suffix)
        most = (options.shardItems, options.shardMegabytes * 1_000_000)
    }

    /// Writes `samples-000000.tar` and on, and `samples.json`, which says what lies in which; nothing where that is there
    /// already.
    ///
    /// - Parameter entries: of all items, in the order of names.
    /// - Returns: false after an interruption.
    func run(_ entries: [ManifestEntry]) throws(FileError) -> Bool {
        let done = entries.filter { $0.status == .ok }
        let digest = Digest.of(
            done.lazy.map {
                "\($0.item)\t\($0.key ?? "")\t\($0.outputs.joined(separator: "\t"))\t\(most.items)\t\(most.bytes)"
            })
        if isPacked(digest) { return true }
        var archives: [JSONValue] = []
        var (open, bytes): ([Sample], Int) = ([], 0)
        func close() throws(FileError) {
            guard !open.isEmpty else { return }
            let name = archive(archives.count)
            try write(open, to: name)
            archives.append([
                "file": .string(name), "items": .integer(open.count),
                "bytes": .integer(try FileBytes.size("\(folder)/\(name)")),
            ])
            (open, bytes) = ([], 0)
        }
        var count = 0
        for entry in done {
            if Interruption.isRequested { return false }
            for sample in try samples(of: entry) {
                if open.count >= most.items || (!open.isEmpty && bytes + sample.bytes > most.bytes) { try close() }
                open.append(sample)
                bytes += sample.bytes
                count += 1
            }
        }
        try close()
        // What an earlier run had more of.
        var stale = archives.count
        while unlink("\(folder)/\(archive(stale))") == 0 { stale += 1 }
        let index: JSONValue = [
            "format": "webdataset", "items": .integer(count), "archives": .array(archives),
            "sha256": .string(digest),
        ]
        try AtomicFile.write(indexPath, tag: suffix, text: index.text(indented: true) + "\n")
        return true
    }

    private static func index(_ suffix: String) -> String { "samples\(suffix).json" }

    private var indexPath: String { "\(folder)/\(Self.index(suffix))" }

    /// Below the folder: the index that is there, and the archives that it names.
    static func files(in folder: String, _ suffix: String) -> [String] {
        guard readIndex(in: folder, suffix) != nil else { return [] }
        return archives(in: folder, suffix).map(\.file) + [index(suffix)]
    }

    /// The archives that the index in a folder names, with their bytes.
    static func archives(in folder: String, _ suffix: String) -> [(file: String, bytes: Int)] {
        (readIndex(in: folder, suffix)?["archives"]?.elements ?? []).compactMap { archive in
            guard case .string(let name)? = archive["file"], !name.contains("/"),
                case .integer(let bytes)? = archive["bytes"]
            else { return nil }
            return (name, bytes)
        }
    }

    private static func readIndex(in folder: String, _ suffix: String) -> JSONValue? {
        guard let bytes = try? FileBytes.read("\(folder)/\(index(suffix))"), let index = JSONValue(parsing: bytes),
            index["format"] == "webdataset"
        else { return nil }
        return index
    }

    private func archive(_ number: Int) -> String {
        let digits = String(number)
        return "samples\(suffix)-\(String(repeating: "0", count: max(0, 6 - digits.count)))\(digits).tar"
    }

    /// The index is written last: what it names was whole then, and an archive is never changed in place.
    private func isPacked(_ digest: String) -> Bool {
        guard let index = Self.readIndex(in: folder, suffix), index["sha256"] == .string(digest) else { return false }
        let archives = Self.archives(in: folder, suffix)
        return archives.count == index["archives"]?.elements.count
            && archives.allSatisfy { (try? FileBytes.size("\(folder)/\($0.file)")) == $0.bytes }
    }

    /// One of an item, or one a variant.
    private func samples(of entry: ManifestEntry) throws(FileError) -> [Sample] {
        let parts = entry.item.pathParts(omittingEmpty: false)
        var samples: [Sample] = []
        for path in entry.outputs
        where PathKey(path).hasPrefix(entry.item + ".") && !path.hasSuffix(QualityRecord.suffix) {
            var kind = Substring(path.utf8.dropFirst(entry.item.utf8.count + 1))
            let variant = kind.prefixMatch(of: #/variant-[0-9]+\./#).map { ".\($0.output.dropLast())" } ?? ""
            kind = kind.dropFirst(variant.count)
            guard Self.kinds.contains(where: { kind == $0 || kind.hasSuffix("." + $0) }) else { continue }
            let last = (parts.last ?? "") + variant
            let escaped = last.replacing("%", with: "%25").replacing(".", with: "%2E")
            let key = (parts.dropLast() + [escaped]).joined(separator: "/")
            if samples.last?.key != key { samples.append(Sample(key: key, files: [])) }
            samples[samples.count - 1].files.append((path, String(kind), try FileBytes.size("\(folder)/\(path)")))
        }
        return samples
    }

    private func write(_ samples: [Sample], to name: String) throws(FileError) {
        try AtomicFile.write("\(folder)/\(name)", tag: suffix) { (sink) throws(FileError) in
            for sample in samples {
                for file in sample.files {
                    try sink.write(TarHeader.bytes(name: "\(sample.key).\(file.kind)", size: file.size))
                    try copy("\(folder)/\(file.path)", file.size, to: sink)
                    try sink.write(TarHeader.padding(behind: file.size))
                }
            }
            try sink.write(TarHeader.end)
        }
    }

    private func copy(_ path: String, _ size: Int, to sink: borrowing FileSink) throws(FileError) {
        let reader = try FileReader(path: path)
        guard reader.size == size else { throw FileError("read", path, .changed) }
        for start in stride(from: 0, to: size, by: 1 << 20) {
            let part = try reader.bytes(at: start, count: min(1 << 20, size - start))
            guard part.count == min(1 << 20, size - start) else { throw FileError("read", path, .changed) }
            try sink.write(part)
        }
    }
}
