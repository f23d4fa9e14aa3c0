import Glibc

/// Whole small files and the starts of large ones, as bytes. Only regular files are read: a pipe or a device would
/// block or never end.
public enum FileBytes {
    /// All bytes of a file.
    /// - Parameter limit: larger files are refused before anything is read.
    public static func read(_ path: String, limit: Int = 8 << 30) throws(FileError) -> [UInt8] {
        let file = try ReadableFile(path: path)
        guard file.size <= limit else { throw FileError("read", path, .tooLarge) }
        let bytes = try file.bytes(upTo: file.size)
        guard bytes.count == file.size else { throw FileError("read", path, .changed) }
        return bytes
    }

    /// At most `count` bytes from the start; fewer when the file is shorter.
    public static func prefix(_ path: String, count: Int) throws(FileError) -> [UInt8] {
        let file = try ReadableFile(path: path)
        return try file.bytes(upTo: min(count, file.size))
    }

    public static func size(_ path: String) throws(FileError) -> Int { try ReadableFile(path: path).size }
}

/// What tells whether a file is still the one that was looked at before.
public struct FileIdentity: Sendable, Hashable {
    public var device: UInt64
    public var inode: UInt64
    public var size: Int
    /// Nanoseconds since 1970.
    public var modification: Int64
}

/// A regular file open for reading; closed when it goes out of scope. Several threads may read from it.
public struct ReadableFile: ~Copyable, Sendable {
    private let descriptor: Int32
    public let identity: FileIdentity
    public var size: Int { identity.size }
    public let path: String

    /// - Throws: `FileError`, also for pipes, devices and folders.
    public init(path: String) throws(FileError) {
        // Without O_NONBLOCK opening a pipe that nobody writes to would wait for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError("open", path) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let number = errno
            close(descriptor)
            throw FileError("read", path, number: number)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileError("read", path, .notRegular)
        }
        identity = FileIdentity(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int(status.st_size),
            modification: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec))
        (self.descriptor, self.path) = (descriptor, path)
    }

    deinit { close(descriptor) }

    /// Bytes from an offset on into `buffer`; fewer than it has room for only when the file ends.
    /// - Returns: how many bytes came.
    public borrowing func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let got = pread(descriptor, buffer.baseAddress! + filled, buffer.count - filled, offset + filled)
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw FileError("read", path) }
            if got == 0 { break }
            filled += got
        }
        return filled
    }

    /// At most `count` bytes from an offset on; fewer only when the file ends.
    public borrowing func bytes(at offset: Int = 0, upTo count: Int) throws(FileError) -> [UInt8] {
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(FileError) {
                filled = try read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }
}
