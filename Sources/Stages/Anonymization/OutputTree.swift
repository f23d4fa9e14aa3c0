import Files
import Glibc
import Pipelines

/// What lies below OUT: files to check, and what no run puts there. Names are read and compared as the file system does it,
/// by their bytes: others may look the same, and those that are no text must not be overlooked.
struct OutputTree {
    /// Paths of files but those about whole runs, in order.
    private(set) var files: [String] = []
    /// Links, folders that no item has, and what cannot be read: their names are seen by whoever gets the tree, and nobody
    /// checks them.
    private(set) var strays: [(path: String, message: String)] = []

    private let output: String
    private let own: Set<PathKey>
    private let folders: Set<PathKey>

    /// - Parameters:
    ///   - output: may be a link to the folder.
    ///   - report: what it says of each file.
    ///   - own: files about whole runs.
    init(_ output: String, _ report: JSONValue, own: [RunFiles]) {
        self.output = output
        self.own = Set(own.flatMap { [$0.report, $0.page, $0.manifest, $0.run] }.map(PathKey.init))
        folders = Self.folders(report)
        walk("")
        files = files.sortedByBytes()
    }

    /// - Parameter folder: below the output folder; empty for that itself.
    private mutating func walk(_ folder: String) {
        guard let names = FolderNames.bytes(in: "\(output)/\(folder)") else {
            return strays.append((folder, "is a folder that cannot be read"))
        }
        let parent = folder.isEmpty ? "" : folder + "/"
        for bytes in names {
            guard let name = String(validating: bytes, as: UTF8.self) else {
                strays.append((parent + Self.spelled(bytes), "has a name that is not UTF-8, as no result has"))
                continue
            }
            if folder.isEmpty, RunLock.isLock(name) { continue }
            let path = parent + name
            var status = stat()
            guard lstat("\(output)/\(path)", &status) == 0 else {
                strays.append((path, "cannot be read"))
                continue
            }
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                if !folders.contains(PathKey(path)) {
                    strays.append((path, "is a folder of none of the report's files"))
                }
                walk(path)
            case S_IFREG: if !own.contains(PathKey(path)) { files.append(path) }
            default: strays.append((path, "is a link, or another thing that is no file"))
            }
        }
    }

    /// As shells write it: "bad\xff".
    private static func spelled(_ name: [UInt8]) -> String {
        name.map { byte in
            (0x20...0x7E).contains(byte) ? String(Unicode.Scalar(byte)) : "\\x" + String(byte, radix: 16)
        }.joined()
    }

    /// Those in which items have results, or would have had them.
    private static func folders(_ report: JSONValue) -> Set<PathKey> {
        var folders: Set<PathKey> = []
        func insert(_ value: JSONValue?, below parent: String = "") {
            guard case .string(let path)? = value else { return }
            var parts = (parent + path).pathParts().dropLast()
            while !parts.isEmpty, folders.insert(PathKey(parts.joined(separator: "/"))).inserted {
                parts = parts.dropLast()
            }
        }
        for entry in report["files"]?.elements ?? [] {
            insert(entry["item"])
            insert(entry["item"], below: AnonymizationRun.heldFolder)
            for output in entry["outputs"]?.elements ?? [] { insert(output) }
        }
        return folders
    }
}
