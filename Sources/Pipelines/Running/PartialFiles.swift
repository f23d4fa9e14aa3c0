import Files
import Glibc

/// Temporary files that a killed run left behind.
enum PartialFiles {
    /// Removes those of one shard anywhere under a folder. Other shards, and a run of the whole, may be writing there.
    static func remove(in folder: String, of shard: Shard) {
        guard let directory = opendir(folder) else { return }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            let path = "\(folder)/\(name)"
            // Some file systems leave it to lstat to tell folders.
            let type = Int(entry.pointee.d_type)
            if type == DT_DIR || type == DT_UNKNOWN && isFolder(path) {
                remove(in: path, of: shard)
            } else if name.utf8.first == UInt8(ascii: "."), name.hasSuffix(AtomicFile.partialSuffix),
                tag(name.dropLast(AtomicFile.partialSuffix.count)) == shard.suffix
            {
                unlink(path)
            }
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The shard's suffix at the end of a name; empty where there is none.
    private static func tag(_ name: Substring) -> String {
        guard let dot = name.lastIndex(of: ".") else { return "" }
        let end = String(name[dot...])
        return Shard(String(end.dropFirst()).replacing("-of-", with: "/"))?.suffix == end ? end : ""
    }
}
