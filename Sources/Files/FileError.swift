import Glibc

/// What could not be done with a file, and why.
public struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Problem: Sendable, Hashable {
        /// The system refused, with this `errno`.
        case system(Int32)
        /// A folder, pipe, socket or device.
        case notRegular
        /// Larger than the caller's limit.
        case tooLarge
        /// The file became shorter, was written to or exchanged since it was first looked at.
        case changed
        /// It does not hold what it must; the words tell where and what to do, and nothing of its content.
        case malformed(String)
    }

    /// "read", "write", "make the folder"
    public let operation: String
    public let path: String
    public let problem: Problem

    public init(_ operation: String, _ path: String, _ problem: Problem) {
        (self.operation, self.path, self.problem) = (operation, path, problem)
    }

    /// With `errno` as it stands now, or as it was noted.
    public init(_ operation: String, _ path: String, number: Int32? = nil) {
        let current = errno
        self.init(operation, path, .system(number ?? current))
    }

    /// A word for manifests and scripts.
    public var code: String {
        switch problem {
        case .system(ENOSPC), .system(EDQUOT): "disk-full"
        case .system(EACCES), .system(EPERM), .system(EROFS): "permission-denied"
        case .system(ENOENT): "not-found"
        case .system(ELOOP): "symbolic-link-loop"
        case .system(EMFILE), .system(ENFILE): "too-many-open-files"
        case .system: "file-error"
        case .notRegular: "not-a-file"
        case .tooLarge: "too-large"
        case .changed: "file-changed"
        case .malformed: "malformed"
        }
    }

    /// The reason without the path.
    public var reason: String {
        switch problem {
        case .system(let number): String(cString: strerror(number))
        case .notRegular: "not a regular file"
        case .tooLarge: "larger than this format's limit"
        case .changed: "the file was changed or exchanged while it was read; try again when nothing writes to it"
        case .malformed(let words): words
        }
    }

    public var description: String { "cannot \(operation) \(path): \(reason)" }
}
