import Files
import Glibc
import Pipelines

/// Every file below the inputs, folder by folder in the order of their names' bytes, each once.
struct FileWalk {
    struct File {
        /// As the system opens it.
        var path: String
        /// Relative to the INPUT, which gives its last part when there are several.
        var relativePath: String
        /// Name of the item that the file would make: relative path, without the extension when that is unambiguous.
        var itemName: String
        /// Whether outputs of that name could be another item's too, and there is no extension to tell them apart.
        var isAmbiguous = false
        /// What belongs together in its folder; nil unless asked for.
        var groups: FolderGroups?
        /// An INPUT itself, not found below one.
        var isGiven = false

        var name: String { FileWalk.lastPart(path) }
    }

    /// Names of files that lie side by side, and what items of them are called: no two alike, and none so that an output
    /// of one could be an output of another.
    private struct Stems {
        private let names: Set<PathKey>
        private var counts: [PathKey: Int] = [:]
        /// Of files beside a folder that is called like an output of theirs.
        private var blocked: Set<PathKey> = []
        /// Whether outputs lie beside those of the run.
        private let isTop: Bool

        /// - Parameters:
        ///   - names: of files and folders, and of items that are made of several files.
        ///   - isFolder: asked of few of them.
        init(_ names: [String], isTop: Bool, isFolder: (String) -> Bool) {
            (self.names, self.isTop) = (Set(names.map(PathKey.init)), isTop)
            for name in names { counts[PathKey(FileFormat.stem(name)), default: 0] += 1 }
            for name in names where Self.endings.contains(where: name.hasSuffix) {
                let starts = Self.starts(of: name).filter { counts[PathKey($0)] != nil }
                if !starts.isEmpty, isFolder(name) { blocked.formUnion(starts.map(PathKey.init)) }
            }
        }

        /// Of files that a run writes of an item.
        private static let endings = [".npy", ".npz", ".safetensors", ".nii", ".nii.gz", ".json", ".png", ".dcm"]

        /// What stands before a dot of a name.
        private static func starts(of name: String) -> [String] {
            name.utf8.indices.filter { name.utf8[$0] == UInt8(ascii: ".") }.map { String(name[..<$0]) }
        }

        /// The name without the extension, or with it where two differ in nothing else or one is the start of the other:
        /// `case.labels.nii.gz` would be the image of an item `case.labels` and the mask of `case`.
        func item(_ name: String) -> (name: String, isAmbiguous: Bool) {
            let stem = FileFormat.stem(name)
            let mayMeet = isOfRun(stem) || blocked.contains(PathKey(stem)) || isOutputOfAnother(stem)
            let isAlone = counts[PathKey(stem)] == 1 && (stem == name || !names.contains(PathKey(stem)))
            return (isAlone && !mayMeet ? stem : name, mayMeet && stem == name)
        }

        /// `run.json` and `samples.json` tell of the run, `run.2-of-8.json` and `samples.2-of-8.json` of a shard.
        private func isOfRun(_ stem: String) -> Bool { isTop && RunNames.isTaken("\(stem).json") }

        private func isOutputOfAnother(_ stem: String) -> Bool {
            Self.starts(of: stem).contains { counts[PathKey($0)] != nil }
        }
    }

    enum Event {
        case file(File)
        /// Something that no reader should be pointed at, and why.
        case unusable(relativePath: String, isFailure: Bool, code: String, message: String)
    }

    private struct Identity: Hashable {
        var device: UInt
        var inode: UInt

        init(_ status: stat) { (device, inode) = (UInt(status.st_dev), UInt(status.st_ino)) }
    }

    private let inputs: [String]
    private let excluded: Identity?
    private let ownResults: OwnResults
    private let grouping: FolderGroups.Rules?
    private let namesOutputs: Bool
    private var visited: Set<Identity> = []

    /// - Parameters:
    ///   - excluded: a folder that is not looked into: where outputs go.
    ///   - ownResults: which folders below an input are told of and not looked into.
    ///   - grouping: nil where every file stands for itself.
    ///   - namesOutputs: whether outputs are called like the files.
    init(
        inputs: [String], excluding excluded: String?, _ ownResults: OwnResults = .none,
        grouping: FolderGroups.Rules? = nil, namesOutputs: Bool = false
    ) {
        (self.inputs, self.ownResults, self.grouping) = (inputs, ownResults, grouping)
        self.namesOutputs = namesOutputs
        var status = stat()
        self.excluded = excluded.flatMap { stat($0, &status) == 0 ? Identity(status) : nil }
    }

    /// Calls `body` for each file until it returns false.
    mutating func run(_ body: (Event) -> Bool) {
        let names = Self.names(of: inputs)
        let paths = Dictionary(zip(names.map(PathKey.init), inputs), uniquingKeysWith: { $1 })
        let stems = Stems(names, isTop: true) { Self.isFolder(paths[PathKey($0)] ?? $0) }
        var folder: (path: String, groups: FolderGroups?) = ("", nil)
        for (input, name) in zip(inputs, names) {
            var status = stat()
            guard stat(input, &status) == 0 else {
                guard body(input.contains("\u{FFFD}") ? Self.unnamable(name) : Self.unreachable(name)) else { return }
                continue
            }
            if status.st_mode & S_IFMT == S_IFDIR {
                let relative = inputs.count > 1 ? name : ""
                guard walk(input, relative: relative, Identity(status), isGiven: true, body) else { return }
            } else {
                if let grouping, case let parent = Self.folder(of: input), PathKey(parent) != PathKey(folder.path) {
                    folder = (parent, FolderGroups(FolderNames.texts(in: parent)?.sortedByBytes() ?? [], grouping))
                }
                let item = stems.item(name)
                // A number behind the name is an ending, too.
                let file = File(
                    path: input, relativePath: name, itemName: item.name,
                    isAmbiguous: item.isAmbiguous && name == Self.lastPart(input), groups: folder.groups, isGiven: true)
                guard visit(file, status, body) else { return }
            }
        }
    }

    /// What each input is called: by the last part of its path, which gets a number where another input has it, too.
    static func names(of inputs: [String]) -> [String] {
        let parts = inputs.map(lastPart)
        var (taken, counts) = (Set(parts.map(PathKey.init)), [PathKey: Int]())
        return parts.map { part in
            let key = PathKey(part)
            var name = part
            repeat {
                counts[key, default: 0] += 1
                name = counts[key] == 1 ? part : "\(part)-\(counts[key]!)"
            } while counts[key]! > 1 && !taken.insert(PathKey(name)).inserted
            return name
        }
    }

    /// What `stat` could not find, by `errno`.
    private static func unreachable(_ relativePath: String) -> Event {
        let error = FileError("open", relativePath)
        return .unusable(relativePath: relativePath, isFailure: true, code: error.code, message: error.reason)
    }

    /// - Parameter relativePath: as Swift mends it. No file has that name, or another one.
    private static func unnamable(_ relativePath: String) -> Event {
        .unusable(
            relativePath: relativePath, isFailure: true, code: "name-not-utf8",
            message: "its name is not UTF-8, so that it can't be opened; rename it (convmv)")
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private mutating func walk(
        _ folder: String, relative: String, _ identity: Identity, isGiven: Bool = false, _ body: (Event) -> Bool
    ) -> Bool {
        if identity == excluded { return true }
        if namesOutputs, RunNames.isTaken(relative) {
            return body(
                .unusable(
                    relativePath: relative, isFailure: true, code: "ambiguous-name",
                    message:
                        "a folder that is called like a file of the run, where results of what is in it cannot lie; "
                        + "rename it"))
        }
        guard visited.insert(identity).inserted else {
            return body(
                .unusable(
                    relativePath: relative.isEmpty ? Self.lastPart(folder) : relative, isFailure: false,
                    code: "already-visited", message: "a link to a folder that was already visited"))
        }
        guard let all = FolderNames.bytes(in: folder) else {
            let error = FileError("open", relative)
            return body(
                .unusable(relativePath: relative, isFailure: true, code: error.code, message: error.reason))
        }
        let names = all.compactMap { String(validating: $0, as: UTF8.self) }.sortedByBytes()
        if !isGiven, ownResults.lie(in: folder, names) {
            return body(
                .unusable(
                    relativePath: relative, isFailure: false, code: "own-results",
                    message: "a folder of results of a run like this one; to work on them, name it as an INPUT"))
        }
        let groups = grouping.map { FolderGroups(names, $0) }
        let stems = Stems(names + (groups?.stacks.itemNames ?? []), isTop: relative.isEmpty) {
            Self.isFolder("\(folder)/\($0)")
        }
        let start = relative.isEmpty ? "" : relative + "/"
        for name in names {
            let (path, below) = ("\(folder)/\(name)", start + name)
            var status = stat()
            guard stat(path, &status) == 0 else {
                guard body(Self.unreachable(below)) else { return false }
                continue
            }
            if status.st_mode & S_IFMT == S_IFDIR {
                guard walk(path, relative: below, Identity(status), body) else { return false }
            } else {
                let item = stems.item(name)
                let file = File(
                    path: path, relativePath: below,
                    itemName: start + item.name,
                    isAmbiguous: item.isAmbiguous, groups: groups)
                guard visit(file, status, body) else { return false }
            }
        }
        // As many as there are, though they may be mended alike.
        for name in all where String(validating: name, as: UTF8.self) == nil {
            guard body(Self.unnamable(start + String(decoding: name, as: UTF8.self))) else { return false }
        }
        return true
    }

    private func visit(_ file: File, _ status: stat, _ body: (Event) -> Bool) -> Bool {
        guard status.st_mode & S_IFMT == S_IFREG else {
            // Opening a pipe would wait for ever.
            return body(
                .unusable(
                    relativePath: file.relativePath, isFailure: false, code: "not-a-file",
                    message: "not a regular file (a pipe, socket or device)"))
        }
        guard status.st_size > 0 else {
            if RunLock.isLock(Self.lastPart(file.path)) {
                return body(
                    .unusable(
                        relativePath: file.relativePath, isFailure: false, code: "own-results",
                        message: "the lock of a run of hilum that was killed"))
            }
            return body(
                .unusable(
                    relativePath: file.relativePath, isFailure: true, code: "empty-file", message: "the file is empty"))
        }
        return body(.file(file))
    }

    private static func folder(of path: String) -> String {
        path.lastSlash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    /// The last part of a path that names something.
    static func lastPart(_ path: String) -> String {
        path.pathParts().last { $0 != "." && $0 != ".." } ?? "input"
    }
}
