import Glibc

/// A regular file open for reading at any place, from several threads at once. It is closed when nobody holds it.
public final class FileReader: Sendable {
    private let descriptor: Int32
    /// Bytes, when the file was opened.
    public let size: Int
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
        (self.descriptor, self.size, self.path) = (descriptor, Int(status.st_size), path)
    }

    deinit { close(descriptor) }

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
