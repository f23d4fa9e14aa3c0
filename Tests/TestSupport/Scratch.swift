import Foundation

/// A folder of its own for one test, removed when the test lets go of it.
public final class Scratch: Sendable {
    public let path: String

    public init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hilum-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.path()
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and returns its path.
    public func write(_ bytes: some Sequence<UInt8>, _ name: String) throws -> String {
        let file = path + "/" + name
        // Truncating a file in place makes some file systems flush it to disk on close; a new one stays in memory.
        try? FileManager.default.removeItem(atPath: file)
        // Copies byte by byte are slow in debug builds, and mutation tests write thousands of files.
        let data = bytes.withContiguousStorageIfAvailable { Data($0) }
        try (data ?? Data(bytes)).write(to: URL(filePath: file))
        return file
    }
}

extension Fixtures {
    public static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: path(name))))
    }

    /// Paths of the files of a folder of fixtures, by name.
    public static func files(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path(folder)).sorted().map { path(folder) + "/" + $0 }
    }
}
