import Glibc

/// What a folder holds.
public enum FolderNames {
    /// Names as the file system has them: bytes that may be no UTF-8, in no order, without "." and "..".
    ///
    /// - Returns: nil when the folder cannot be read.
    public static func bytes(in folder: String) -> [[UInt8]]? {
        guard let directory = opendir(folder) else { return nil }
        defer { closedir(directory) }
        var names: [[UInt8]] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != Array(".".utf8) && name != Array("..".utf8) { names.append(name) }
        }
        return names
    }

    /// The same as text, mended where it is no UTF-8.
    public static func texts(in folder: String) -> [String]? {
        bytes(in: folder)?.map { String(decoding: $0, as: UTF8.self) }
    }
}
