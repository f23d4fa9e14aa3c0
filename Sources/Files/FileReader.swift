import Glibc

/// What tells whether a file is still the one that was looked at before.
public struct FileIdentity: Sendable, Hashable {
    public var device: UInt64
    public var inode: UInt64
    public var size: Int
    /// Nanoseconds since 1970.
    public var modification: Int64

    init(_ status: stat) {
        (device, inode, size) = (UInt64(status.st_dev), UInt64(status.st_ino), Int(status.st_size))
        modification = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    }

    /// Of the file that has this path now; nil when there is none.
    public init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }
}

/// A regular file open for reading at any place, from several threads at once. It is closed when nobody holds it.
public final class FileReader: Sendable {
    private let descriptor: Int32
    /// As it was when the file was opened.
    public let identity: FileIdentity
    /// Bytes.
    public var size: Int { identity.size }
    public let path: String

    /// - Throws: `FileError`; pipes, devices and folders are refused.
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
        identity = FileIdentity(status)
        (self.descriptor, self.path) = (descriptor, path)
    }

    deinit { close(descriptor) }

    /// Nothing has written to the file since it was opened, as far as its size and time tell.
    public var isUnchanged: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && FileIdentity(status) == identity
    }

    /// Fills a buffer from a place of the file.
    /// - Returns: bytes read; fewer than the buffer holds only when the file ends.
    public func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let got = pread(descriptor, buffer.baseAddress! + filled, buffer.count - filled, off_t(offset + filled))
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw FileError("read", path) }
            guard got > 0 else { break }
            filled += got
        }
        return filled
    }

    /// At most `count` bytes from a place of the file; fewer only when the file ends.
    public func bytes(at offset: Int = 0, count: Int) throws(FileError) -> [UInt8] {
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
