import Glibc

/// Whole small files and the starts of large ones, as bytes. Only regular files are read: a pipe or a device would
/// block or never end.
public enum FileBytes {
    /// All bytes of a file.
    /// - Parameter limit: larger files are refused before anything is read.
    public static func read(_ path: String, limit: Int = 8 << 30) throws(FileError) -> [UInt8] {
        let file = try OpenFile(path: path)
        guard file.size <= limit else { throw FileError("read", path, .tooLarge) }
        let bytes = try file.read(upTo: file.size)
        guard bytes.count == file.size else { throw FileError("read", path, .changed) }
        return bytes
    }

    /// At most `count` bytes from the start; fewer when the file is shorter.
    public static func prefix(_ path: String, count: Int) throws(FileError) -> [UInt8] {
        let file = try OpenFile(path: path)
        return try file.read(upTo: min(count, file.size))
    }

    public static func size(_ path: String) throws(FileError) -> Int { try OpenFile(path: path).size }
}

/// A descriptor that is closed when it goes out of scope.
private struct OpenFile: ~Copyable {
    let descriptor: Int32
    let size: Int
    let path: String

    init(path: String) throws(FileError) {
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

    /// Fewer bytes than asked for only when the file ends.
    borrowing func read(upTo count: Int) throws(FileError) -> [UInt8] {
        var number: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = Glibc.read(descriptor, buffer.baseAddress! + filled, count - filled)
                if got < 0 && errno == EINTR { continue }
                if got < 0 { number = errno }
                guard got > 0 else { break }
                filled += got
            }
        }
        guard number == 0 else { throw FileError("read", path, number: number) }
        return bytes
    }
}
