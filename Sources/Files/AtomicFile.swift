import CSystem
import Glibc

/// Writes files that appear whole or not at all: a temporary name in the same folder, fsync, rename, fsync of the folder.
public enum AtomicFile {
    /// Ends the temporary name; what a killed run left behind is found by it.
    public static let partialSuffix = ".hilum-partial"

    /// - Parameters:
    ///   - path: where the file shall stand; its folder is made when it is missing.
    ///   - tag: keeps the temporary names of runs that share a folder apart.
    ///   - sync: false leaves it to the system when bytes reach the disk; whole-or-nothing still holds for a kill.
    /// - Throws: `FileError`; then nothing is left behind.
    public static func write(
        _ path: String, tag: String = "", sync: Bool = true,
        _ body: (borrowing FileSink) throws(FileError) -> Void
    ) throws(FileError) {
        let file = try prepare(path, tag: tag, sync: sync, body)
        try file.rename()
        if sync { try syncFolder(split(path).folder) }
    }

    public static func write(_ path: String, tag: String = "", text: String) throws(FileError) {
        try write(path, tag: tag) { (sink) throws(FileError) in try sink.write(Array(text.utf8)) }
    }

    /// Makes a folder and those above it.
    public static func makeFolder(_ path: String) throws(FileError) {
        if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, path.lastSlash != nil else { throw FileError("make the folder", path) }
        let parent = split(path).folder
        guard parent != path else { throw FileError("make the folder", path) }
        try makeFolder(parent)
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw FileError("make the folder", path) }
    }

    /// The folder that a path is in, and its name there.
    package static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastSlash else { return (".", path) }
        let folder = String(path[..<slash])
        return (folder.isEmpty ? "/" : folder, String(path[path.utf8.index(after: slash)...]))
    }

    private static func syncFolder(_ folder: String) throws(FileError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { throw FileError("open", folder) }
        defer { Glibc.close(descriptor) }
        // EINVAL: a file system that has no sync of folders.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileError("write", folder) }
    }
}

/// A file that is written whole under its temporary name and waits for its own.
public struct PendingFile: Sendable, Hashable {
    public let path: String
    fileprivate let temporary: String

    /// Where its bytes are until then, for whoever wants to check them.
    public var temporaryPath: String { temporary }

    /// Takes it back.
    public func discard() { unlink(temporary) }

    /// - Throws: `FileError`; then nothing is left behind.
    fileprivate func rename() throws(FileError) {
        guard Glibc.rename(temporary, path) == 0 else {
            let error = FileError("rename", path)
            discard()
            throw error
        }
    }
}

extension AtomicFile {
    /// Writes a file like `write`, but leaves it under its temporary name for `publish`.
    ///
    /// - Parameter sync: whether its bytes are brought to the disk here; `publish` does so for many files.
    /// - Throws: `FileError`; then nothing is left behind.
    public static func prepare(
        _ path: String, tag: String = "", sync: Bool = false,
        _ body: (borrowing FileSink) throws(FileError) -> Void
    ) throws(FileError) -> PendingFile {
        try makeFolder(split(path).folder)
        // Said here, and not when the file is to get its name: then others wait for theirs.
        var status = stat()
        guard lstat(path, &status) == 0 || errno != ENAMETOOLONG else { throw FileError("create", path) }
        let file = PendingFile(path: path, temporary: temporaryPath(of: path, tag: tag))
        do throws(FileError) {
            let sink = try FileSink(creating: file.temporary)
            try body(sink)
            try sink.close(sync: sync)
        } catch {
            file.discard()
            throw error.path == file.temporary ? FileError(error.operation, path, error.problem) : error
        }
        return file
    }

    /// Where a file is until it gets its name: `.DIGEST` and the tag, which is as long for every name, so that none is too
    /// long for it that the folder could hold.
    package static func temporaryPath(of path: String, tag: String = "") -> String {
        let (folder, name) = split(path)
        let digits = String(name.utf8.hash64, radix: 16)
        return "\(folder)/.\(String(repeating: "0", count: 16 - digits.count))\(digits)\(tag)\(partialSuffix)"
    }

    public static func prepare(_ path: String, tag: String = "", text: String) throws(FileError) -> PendingFile {
        try prepare(path, tag: tag) { (sink) throws(FileError) in try sink.write(Array(text.utf8)) }
    }

    /// Brings many files to the disk at once and only then gives them their names, which reach the disk before this
    /// returns. One sync of the file system takes a quarter of the time of a sync for each file.
    ///
    /// - Parameters:
    ///   - folder: one that holds all the files.
    ///   - isSkipped: whether a file that cannot get its name for that reason is taken back, and the others go on.
    /// - Returns: why files were skipped.
    /// - Throws: `FileError` when the system could not bring something to the disk, or a rename failed; files without
    ///   their names are then taken back.
    @discardableResult
    public static func publish(
        _ files: [PendingFile], in folder: String, skipping isSkipped: (FileError) -> Bool = { _ in false }
    ) throws(FileError) -> [PendingFile: FileError] {
        guard !files.isEmpty else { return [:] }
        var skipped: [PendingFile: FileError] = [:]
        var begun = 0
        do throws(FileError) {
            try syncFileSystem(of: folder)
            for file in files {
                begun += 1
                do throws(FileError) {
                    try file.rename()
                } catch {
                    guard isSkipped(error) else { throw error }
                    skipped[file] = error
                }
            }
        } catch {
            for file in files[begun...] { file.discard() }
            throw error
        }
        for folder in Set(files.map { PathKey(split($0.path).folder) }) { try syncFolder(folder.text) }
        return skipped
    }

    private static func syncFileSystem(of folder: String) throws(FileError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("open", folder) }
        defer { Glibc.close(descriptor) }
        guard system_syncfs(descriptor) == 0 else { throw FileError("write", folder) }
    }
}

/// A file being written. Bytes go in order; every error is thrown.
public struct FileSink: ~Copyable {
    private let descriptor: Int32
    /// The temporary name.
    public let path: String
    private let progress = Progress()

    /// Bytes written, and those of them that the disk was told to begin with.
    private final class Progress {
        var written = 0
        var begun = 0
        var isClosed = false
    }

    /// What is written in the meantime need not be waited for at the end.
    private static let writingStep = 4 << 20

    fileprivate init(creating path: String) throws(FileError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError("create", path) }
        self.path = path
    }

    deinit { if !progress.isClosed { Glibc.close(descriptor) } }

    public func write(_ bytes: [UInt8]) throws(FileError) {
        let span = bytes.span.bytes
        try span.withUnsafeBytes { (buffer) throws(FileError) in try write(buffer) }
    }

    /// The memory of an array of numbers, little-endian on every machine that Hilum runs on.
    public func write<Element: BitwiseCopyable>(values: [Element]) throws(FileError) {
        let span = values.span.bytes
        try span.withUnsafeBytes { (buffer) throws(FileError) in try write(buffer) }
    }

    public func write(_ buffer: UnsafeRawBufferPointer) throws(FileError) {
        var rest = buffer
        while let start = rest.baseAddress, !rest.isEmpty {
            let count = Glibc.write(descriptor, start, min(rest.count, 1 << 30))
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError("write", path)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            progress.written += count
        }
        if progress.written - progress.begun >= Self.writingStep {
            system_begin_writing(descriptor, progress.begun, progress.written - progress.begun)
            progress.begun = progress.written
        }
    }

    fileprivate func close(sync: Bool) throws(FileError) {
        guard !sync || fsync(descriptor) == 0 else { throw FileError("write", path) }
        // Network file systems and quotas refuse bytes as late as here.
        progress.isClosed = true
        guard Glibc.close(descriptor) == 0 else { throw FileError("write", path) }
    }
}
