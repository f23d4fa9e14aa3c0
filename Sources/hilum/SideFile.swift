import Cryptography
import Files
import Foundation
import Glibc
import Stages

/// A file or folder that a command writes beside its output folder, checked before any work is done for nothing.
struct SideFile {
    /// As in "--report".
    let option: String
    let path: String
    /// Whether it must not lie below OUT, where it would be released, or be a stray to `hilum verify`.
    var staysApart = false

    /// - Parameters:
    ///   - items: whose inputs are never changed, and whose output folder is for results.
    ///   - key: a file that must survive.
    /// - Throws: `UsageError` when writing there would cost the user a file, or can't work.
    func check(beside items: ItemOptions, key: String) throws {
        let target = resolvedPath(path)
        if target == resolvedPath(key) { throw UsageError("\(option) \(path) is the key; choose another path") }
        for input in items.inputs where isInside(target, resolvedPath(input)) {
            throw UsageError(
                "\(option) \(path) lies in the input \(input), which is never changed; choose another path")
        }
        if staysApart, isInside(target, resolvedPath(items.output)) {
            throw UsageError("\(option) \(path) lies in the output folder; keep it apart from what is released")
        }
    }

    /// The same for a file, which must be a new one but for a run that goes on.
    func checkFile(beside items: ItemOptions, key: String) throws {
        try check(beside: items, key: key)
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            if isFolder.boolValue { throw UsageError("\(option) \(path) is a folder; name a file") }
            if !items.resume { throw UsageError("\(option) \(path) is there already; choose a new file, or remove it") }
        }
        let folder = path.lastSlash.map { String(path[...$0]) } ?? "."
        guard access(folder, W_OK) == 0 else {
            throw UsageError("\(option) \(path) can't be written: \(String(cString: strerror(errno)))")
        }
    }
}

extension ItemOptions {
    /// - Throws: `UsageError` when the project's key lies in the output folder, where it would be released, or among the
    ///   inputs, which are released but for what is secret.
    func checkKey(_ path: String) throws {
        let key = resolvedPath(path)
        if isInside(key, resolvedPath(output)) {
            throw UsageError("--key \(path) lies in the output folder; keep it apart from what is released")
        }
        for input in inputs where isInside(key, resolvedPath(input)) {
            throw UsageError("--key \(path) lies in the input \(input); keep it apart from the data")
        }
    }
}

extension SideFile {
    /// The same for an identity map: one that is there is added to, and must be one.
    func checkMap(beside items: ItemOptions, _ key: String, _ project: ProjectKey) throws {
        try checkFile(beside: items, key: key)
        guard access(path, F_OK) == 0 else { return }
        let earlier: String?
        do { earlier = try IdentityMap.read(path, key: project) } catch { throw UsageError(error.description) }
        guard earlier != nil else {
            throw UsageError("\(option) \(path) is there and no identity map of this key; choose a new file")
        }
    }
}

/// The path without links and dots; of what is not there, its folder's.
func resolvedPath(_ path: String) -> String {
    let url = URL(fileURLWithPath: path).standardizedFileURL
    return url.deletingLastPathComponent().resolvingSymlinksInPath().appending(path: url.lastPathComponent)
        .resolvingSymlinksInPath().path
}

/// Whether a path is a folder's, or the folder; both without links.
func isInside(_ path: String, _ folder: String) -> Bool {
    PathKey(path) == PathKey(folder) || PathKey(path).hasPrefix(folder == "/" ? "/" : folder + "/")
}
