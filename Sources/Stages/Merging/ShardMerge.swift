import Files
import Glibc
public import Pipelines

/// Joins the shards of one run: one manifest, one `run.json`, and the quality page over all items.
///
/// Shards that share OUT are joined there. Shards that have folders of their own are brought together in OUT: files are
/// linked where the file system can, and copied where not; the shards' folders stay as they are.
public struct ShardMerge: Sendable {
    public var folders: [String]
    /// OUT.
    public var output: String

    public init(folders: [String], output: String) { (self.folders, self.output) = (folders, output) }

    /// - Returns: counts over all shards.
    /// - Throws: `MergeError` when shards or their outputs are missing, overlap or belong to different runs (nothing is
    ///   written then), and when the system refuses to write.
    public func run() throws(MergeError) -> RunSummary {
        Self.openManyFiles()
        let records = try self.records()
        for record in records { try record.requireArchives() }
        let lock: RunLock
        do throws(FileError) {
            try AtomicFile.makeFolder(output)
            lock = try RunLock(output, .whole)
        } catch {
            throw MergeError(
                error.isTaken
                    ? "\(output) is being worked on by a run, or another merge; wait until it has ended"
                    : error.description)
        }
        defer { withExtendedLifetime((records, lock)) {} }
        try checkOutput()
        let page = QualityPage(folder: output, suffix: "", pipeline: records[0].run["pipeline"] ?? .null)
        var summary = RunSummary()
        var files = [try mergedManifest(records, &summary, keepsEntries: page != nil)]
        do throws(FileError) {
            for record in records where !isOutput(record.folder) { try OutputLinking(from: record, to: output).run() }
            if let page { files.append(try page.prepare(summary.entries)) }
            files.append(
                try AtomicFile.prepare(
                    "\(output)/run.json", text: report(records, summary).text(indented: true) + "\n"))
            // `run.json` first and the manifest last: what is broken off between tells that it is a merge, and can be
            // merged again.
            try AtomicFile.publish(files.reversed(), in: output)
        } catch {
            for file in files { file.discard() }
            throw MergeError(error.description, hasBegun: true)
        }
        return summary
    }

    /// All N shards of one run, in the order of their numbers.
    private func records() throws(MergeError) -> [ShardRecord] {
        var records: [ShardRecord] = []
        for (index, folder) in folders.enumerated() {
            guard !folders[..<index].contains(where: { Self.isSame($0, folder) }) else {
                throw MergeError("the folder \(folder) is given twice; give it once")
            }
            records += try ShardRecord.all(in: folder)
        }
        records.sort { ($0.shard.count, $0.shard.index, $0.folder) < ($1.shard.count, $1.shard.index, $1.folder) }
        let (first, last) = (records[0], records[records.count - 1])
        guard first.shard.count == last.shard.count else {
            throw MergeError(
                "shards of different divisions: \(first.shard) in \(first.folder) and \(last.shard) in \(last.folder)")
        }
        for (one, next) in zip(records, records.dropFirst()) where one.shard == next.shard {
            throw MergeError(
                "shard \(one.shard) is there twice: in \(one.folder) and in \(next.folder); give one of them")
        }
        let missing = (1...first.shard.count).filter { index in !records.contains { $0.shard.index == index } }
        guard missing.isEmpty else {
            let list = missing.prefix(20).map(String.init).joined(separator: ", ") + (missing.count > 20 ? ", ..." : "")
            throw MergeError(
                "of \(first.shard.count) shards \(missing.count) are missing: \(list); run them with --shard \(missing[0])/\(first.shard.count) and so on"
            )
        }
        if let other = records.first(where: { $0.common != first.common }) {
            throw MergeError(
                "shards \(first.shard) and \(other.shard) come from different runs: their pipeline, seed or version differ "
                    + "in run\(first.shard.suffix).json and run\(other.shard.suffix).json")
        }
        return records
    }

    /// OUT may hold the shards or an earlier merge, and no run of its own. Of a merge that was broken off it has `run.json`
    /// alone.
    private func checkOutput() throws(MergeError) {
        let run = (try? FileBytes.read("\(output)/run.json")).flatMap { JSONValue(parsing: $0) }
        if run?["shards"] != nil { return }
        guard access("\(output)/manifest.jsonl", F_OK) != 0 else {
            throw MergeError("\(output) holds a run that is no merge; choose another folder")
        }
        for name in ["run.json", QualityPage.file("")] where access("\(output)/\(name)", F_OK) == 0 {
            throw MergeError("\(output)/\(name) is there already and of no merge; choose another folder, or move it")
        }
    }

    /// Lines of all shards in the order of items, under a temporary name.
    private func mergedManifest(
        _ records: [ShardRecord], _ summary: inout RunSummary, keepsEntries: Bool
    ) throws(MergeError) -> PendingFile {
        var readers: [ManifestReader] = []
        for record in records { readers.append(try ManifestReader(record)) }
        let targets = MergeTargets(in: output)
        let moved = Set(records.map(\.folder).filter { !isOutput($0) })
        for record in records where moved.contains(record.folder) { try targets.checkSamples(of: record) }
        let counted = ManifestMerge(readers: readers, keepsEntries: keepsEntries) {
            (entry, record) throws(MergeError) in
            if moved.contains(record.folder) { try targets.check(entry.outputs, of: record) }
        }
        var failure: MergeError?
        let file: PendingFile
        do throws(FileError) {
            file = try AtomicFile.prepare("\(output)/manifest.jsonl") { (sink) throws(FileError) in
                do throws(MergeError) {
                    while let line = try counted.next() {
                        do throws(FileError) { try sink.write(line) } catch { throw MergeError(error.description) }
                    }
                } catch {
                    failure = error
                }
            }
        } catch {
            throw MergeError(error.description)
        }
        if let failure {
            file.discard()
            throw failure
        }
        summary = counted.summary
        return file
    }

    private func isOutput(_ folder: String) -> Bool { Self.isSame(folder, output) }

    private static func isSame(_ folder: String, _ other: String) -> Bool {
        var (one, two) = (stat(), stat())
        return stat(folder, &one) == 0 && stat(other, &two) == 0 && one.st_ino == two.st_ino
            && one.st_dev == two.st_dev
    }

    /// The lock and the manifest of each shard stay open, and many systems begin with a limit of 1,024 files.
    private static func openManyFiles() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private func report(_ records: [ShardRecord], _ summary: RunSummary) -> JSONValue {
        var result = records[0].common
        var seconds = 0.0
        for record in records {
            if case .number(let more)? = record.run["seconds"] { seconds += more }
            if case .integer(let more)? = record.run["seconds"] { seconds += Double(more) }
        }
        result.set(
            "shards",
            .array(
                records.map { record in
                    [
                        "index": .integer(record.shard.index), "count": .integer(record.shard.count),
                        "workers": record.run["workers"] ?? .null, "counts": record.run["counts"] ?? .null,
                        "seconds": record.run["seconds"] ?? .null,
                    ]
                }))
        var summary = summary
        for record in records {
            if case .integer(let more)? = record.run["counts"]?["unclaimed"] { summary.unclaimed += more }
        }
        result.set("counts", summary.json)
        result.set("seconds", .number((seconds * 1000).rounded() / 1000))
        return result
    }
}
