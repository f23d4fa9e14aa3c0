import Files
import Glibc
import Pipelines

/// One finished shard: its `run.K-of-N.json`, which is written last, and its manifest beside it.
struct ShardRecord {
    let folder: String
    let shard: Shard
    /// As `run.json` says it.
    let run: JSONValue
    /// Keeps runs of the shard away; nil where none could write, because the folder can't be written.
    let lock: RunLock?

    var manifestPath: String { "\(folder)/manifest\(shard.suffix).jsonl" }

    /// What must be the same in all shards of a run.
    var common: JSONValue {
        guard case .object(let members) = run else { return .null }
        return .object(members.filter { !["shard", "workers", "counts", "seconds"].contains($0.key) })
    }

    /// Lines that its manifest had when the run ended.
    var lineCount: Int? {
        let counts = ["ok", "failed", "skipped", "unclaimed"].map { run["counts"]?[$0] }
        return counts.reduce(0) { sum, count in
            if case .integer(let more)? = count, let sum { sum + more } else { nil }
        }
    }

    /// - Throws: `MergeError` when an output is not there, or those of an item that is done have not the bytes that its
    ///   key ends with.
    func require(outputsOf entry: ManifestEntry) throws(MergeError) {
        var bytes = 0
        for path in entry.outputs { bytes += try size(of: path) }
        guard entry.status == .ok, let written = entry.key?.split(separator: "-").last.flatMap({ Int($0) }),
            bytes != written
        else { return }
        throw MergeError(
            "outputs of \(entry.item) in \(folder) have \(bytes) bytes and were written with \(written); \(advice)")
    }

    /// - Throws: `MergeError` when an archive of samples is not there, or has not the bytes that the index beside it says.
    func requireArchives() throws(MergeError) {
        for archive in SamplePacking.archives(in: folder, shard.suffix) {
            let bytes = try size(of: archive.file)
            guard bytes != archive.bytes else { continue }
            throw MergeError(
                "\(folder)/\(archive.file) has \(bytes) bytes and was written with \(archive.bytes); \(advice)")
        }
    }

    private var advice: String { "run it again with --shard \(shard) --resume" }

    private func size(of path: String) throws(MergeError) -> Int {
        do throws(FileError) { return try FileBytes.size("\(folder)/\(path)") } catch {
            throw MergeError("\(folder)/\(path) is an output of shard \(shard) and not there; \(advice)")
        }
    }

    /// Every shard whose run has ended in a folder.
    ///
    /// - Throws: `MergeError` for shards that are under way or broken off, and for runs that are none of `hilum run`.
    static func all(in folder: String) throws(MergeError) -> [ShardRecord] {
        guard let names = FolderNames.texts(in: folder) else { throw MergeError("there is no folder \(folder)") }
        var result: [ShardRecord] = []
        for name in names.sorted() {
            guard let shard = shard(of: name, "manifest", "jsonl") else { continue }
            let path = "\(folder)/run\(shard.suffix).json"
            let lock = try lock(folder, shard)
            let bytes = try? FileBytes.read(path)
            let parsed = bytes.map { JSONValue(parsing: $0) } ?? ["counts": .null]
            guard let run = parsed else { throw MergeError("\(path) is damaged; run the shard again") }
            guard run["counts"] != .null else {
                throw MergeError("shard \(shard) in \(folder) has not ended; go on with --shard \(shard) --resume")
            }
            guard run["pipelineSHA256"] != nil else {
                throw MergeError(
                    "\(folder) holds shards of `hilum anonymize`, whose reports stay apart: `hilum verify` reads all of them"
                )
            }
            result.append(ShardRecord(folder: folder, shard: shard, run: run, lock: lock))
        }
        guard !result.isEmpty else {
            throw MergeError("\(folder) holds no manifest.K-of-N.jsonl: nothing was run there with --shard")
        }
        return result
    }

    /// "manifest.2-of-8.jsonl" is shard 2/8.
    private static func shard(of name: String, _ stem: String, _ ending: String) -> Shard? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == stem, parts[2] == ending else { return nil }
        return Shard(suffix: ".\(parts[1])")
    }

    private static func lock(_ folder: String, _ shard: Shard) throws(MergeError) -> RunLock? {
        do throws(FileError) {
            return try RunLock(folder, shard)
        } catch {
            if error.code == "permission-denied" { return nil }
            guard error.isTaken else { throw MergeError(error.description) }
            throw MergeError("shard \(shard) in \(folder) is being worked on; wait until it has ended")
        }
    }
}
