/// Whole small files and the starts of large ones, as bytes. Only regular files are read: a pipe or a device would
/// block or never end.
public enum FileBytes {
    /// All bytes of a file.
    /// - Parameter limit: larger files are refused before anything is read.
    public static func read(_ path: String, limit: Int = 8 << 30) throws(FileError) -> [UInt8] {
        let file = try FileReader(path: path)
        guard file.size <= limit else { throw FileError("read", path, .tooLarge) }
        let bytes = try file.bytes(count: file.size)
        guard bytes.count == file.size else { throw FileError("read", path, .changed) }
        return bytes
    }

    /// At most `count` bytes from the start; fewer when the file is shorter.
    public static func prefix(_ path: String, count: Int) throws(FileError) -> [UInt8] {
        let file = try FileReader(path: path)
        return try file.bytes(count: min(count, file.size))
    }

    public static func size(_ path: String) throws(FileError) -> Int { try FileReader(path: path).size }
}
