import Foundation
import Glibc
import Pipelines

/// What lies below OUT: files to check, and what no run puts there.
struct OutputTree {
    /// Paths of files but those about whole runs, in order.
    private(set) var files: [String] = []
    /// Links, and folders that no item has: their names are seen by whoever gets the tree, and nobody checks them.
    private(set) var strays: [(path: String, message: String)] = []

    /// - Parameters:
    ///   - report: what it says of each file.
    ///   - own: files about whole runs.
    init(_ output: String, _ report: JSONValue, own: [RunFiles]) {
        let own = Set(own.flatMap { [$0.report, $0.page, $0.manifest, $0.run] })
        let folders = Self.folders(report)
        for path in FileManager.default.enumerator(atPath: output)?.compactMap({ $0 as? String }) ?? [] {
            var status = stat()
            guard lstat("\(output)/\(path)", &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                if !folders.contains(path) { strays.append((path, "is a folder of none of the report's files")) }
            case S_IFREG: if !own.contains(path) { files.append(path) }
            default: strays.append((path, "is a link, or another thing that is no file"))
            }
        }
        files.sort()
    }

    /// Those in which items have results, or would have had them.
    private static func folders(_ report: JSONValue) -> Set<String> {
        var folders: Set<String> = []
        func insert(_ value: JSONValue?, below parent: String = "") {
            guard case .string(let path)? = value else { return }
            var parts = (parent + path).split(separator: "/").dropLast()
            while !parts.isEmpty, folders.insert(parts.joined(separator: "/")).inserted { parts = parts.dropLast() }
        }
        for entry in report["files"]?.elements ?? [] {
            insert(entry["item"])
            insert(entry["item"], below: AnonymizationRun.heldFolder)
            for output in entry["outputs"]?.elements ?? [] { insert(output) }
        }
        return folders
    }
}
