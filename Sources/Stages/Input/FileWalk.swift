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
        /// Whether outputs lie beside those of the run.
        private let isTop: Bool

        /// - Parameter names: of files, and of items that are made of several.
        init(_ names: [String], isTop: Bool) {
            (self.names, self.isTop) = (Set(names.map(PathKey.init)), isTop)
            for name in names { counts[PathKey(FileFormat.stem(name)), default: 0] += 1 }
        }

        /// The name without the extension, or with it where two differ in nothing else or one is the start of the other:
        /// `case.labels.nii.gz` would be the image of an item `case.labels` and the mask of `case`.
        func item(_ name: String) -> (name: String, isAmbiguous: Bool) {
            let stem = FileFormat.stem(name)
            let mayMeet = isOfRun(stem) || isOutputOfAnother(stem)
            let isAlone = counts[PathKey(stem)] == 1 && (stem == name || !names.contains(PathKey(stem)))
            return (isAlone && !mayMeet ? stem : name, mayMeet && stem == name)
        }

        /// `run.json` and `samples.json` tell of the run, `run.2-of-8.json` and `samples.2-of-8.json` of a shard.
        private func isOfRun(_ stem: String) -> Bool {
            isTop
                && ["run", "samples"].contains { name in
                    stem == name || stem.hasPrefix(name) && Shard(suffix: stem.dropFirst(name.count)) != nil
                }
        }

        private func isOutputOfAnother(_ stem: String) -> Bool {
            stem.utf8.indices.contains {
                stem.utf8[$0] == UInt8(ascii: ".") && counts[PathKey(String(stem[..<$0]))] != nil
            }
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
    private var visited: Set<Identity> = []

    /// - Parameters:
    ///   - excluded: a folder that is not looked into: where outputs go.
    ///   - ownResults: which folders below an input are told of and not looked into.
    ///   - grouping: nil where every file stands for itself.
    init(
        inputs: [String], excluding excluded: String?, _ ownResults: OwnResults = .none,
        grouping: FolderGroups.Rules? = nil
    ) {
        (self.inputs, self.ownResults, self.grouping) = (inputs, ownResults, grouping)
        var status = stat()
        self.excluded = excluded.flatMap { stat($0, &status) == 0 ? Identity(status) : nil }
    }

    /// Calls `body` for each file until it returns false.
    mutating func run(_ body: (Event) -> Bool) {
        let names = Self.names(of: inputs)
        let stems = Stems(names, isTop: true)
        var folder: (path: String, groups: FolderGroups?) = ("", nil)
        for (input, name) in zip(inputs, names) {
            var status = stat()
            guard stat(input, &status) == 0 else {
                guard body(Self.unreachable(name)) else { return }
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
        // Swift mends names that are not UTF-8, and no file has the mended name.
        if relativePath.contains("\u{FFFD}") {
            return .unusable(
                relativePath: relativePath, isFailure: true, code: "name-not-utf8",
                message: "its name is not UTF-8, so that it can't be opened; rename it (convmv)")
        }
        return .unusable(relativePath: relativePath, isFailure: true, code: error.code, message: error.reason)
    }

    private mutating func walk(
        _ folder: String, relative: String, _ identity: Identity, isGiven: Bool = false, _ body: (Event) -> Bool
    ) -> Bool {
        if identity == excluded { return true }
        guard visited.insert(identity).inserted else {
            return body(
                .unusable(
                    relativePath: relative.isEmpty ? Self.lastPart(folder) : relative, isFailure: false,
                    code: "already-visited", message: "a link to a folder that was already visited"))
        }
        guard let names = FolderNames.texts(in: folder)?.sortedByBytes() else {
            let error = FileError("open", relative)
            return body(
                .unusable(relativePath: relative, isFailure: true, code: error.code, message: error.reason))
        }
        if !isGiven, ownResults.lie(in: folder, names) {
            return body(
                .unusable(
                    relativePath: relative, isFailure: false, code: "own-results",
                    message: "a folder of results of a run like this one; to work on them, name it as an INPUT"))
        }
        let groups = grouping.map { FolderGroups(names, $0) }
        let stems = Stems(names + (groups?.stacks.itemNames ?? []), isTop: relative.isEmpty)
        for name in names {
            let (path, below) = ("\(folder)/\(name)", relative.isEmpty ? name : "\(relative)/\(name)")
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
                    itemName: relative.isEmpty ? item.name : "\(relative)/\(item.name)",
                    isAmbiguous: item.isAmbiguous, groups: groups)
                guard visit(file, status, body) else { return false }
            }
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
