import Files
import Foundation
import Glibc
import Pipelines

/// What lies in OUT where outputs of shards that have folders of their own will come. An earlier merge's is replaced; nothing
/// else is.
struct MergeTargets {
    /// OUT.
    private let folder: String
    /// Paths that the manifest of an earlier merge names.
    private let known: Set<PathKey>

    init(in folder: String) {
        self.folder = folder
        let decoder = JSONDecoder()
        let manifest = (try? FileBytes.read("\(folder)/manifest.jsonl")) ?? []
        known = Set(
            manifest.split(separator: UInt8(ascii: "\n")).lazy
                .compactMap { try? decoder.decode(ManifestEntry.self, from: Data($0)) }
                .flatMap(\.outputs).map(PathKey.init))
    }

    /// - Parameter paths: outputs of the shard, below its folder.
    /// - Throws: `MergeError` for the first that would replace another's file.
    func check(_ paths: [String], of record: ShardRecord) throws(MergeError) {
        var status = stat()
        let foreign = paths.first { path in
            lstat("\(folder)/\(path)", &status) == 0
                && (status.st_mode & S_IFMT == S_IFDIR || !known.contains(PathKey(path)))
                && !isSame("\(record.folder)/\(path)", "\(folder)/\(path)")
        }
        guard let foreign else { return }
        throw MergeError(
            "\(folder)/\(foreign) is there already and of no merge that the manifest there tells of; choose another folder, "
                + "or move it")
    }

    /// The archives of a shard's samples, and their index.
    func checkSamples(of record: ShardRecord) throws(MergeError) {
        let earlier = Set(SamplePacking.files(in: folder, record.shard.suffix))
        try check(
            SamplePacking.files(in: record.folder, record.shard.suffix).filter { !earlier.contains($0) }, of: record)
    }

    /// A merge that was broken off before its manifest leaves links, or copies.
    private func isSame(_ source: String, _ target: String) -> Bool {
        guard let one = FileIdentity(path: source), let other = FileIdentity(path: target), one.size == other.size
        else {
            return false
        }
        if one == other { return true }
        guard let digest = try? InputDigest.of(file: source) else { return false }
        return (try? InputDigest.of(file: target)) == digest
    }
}
