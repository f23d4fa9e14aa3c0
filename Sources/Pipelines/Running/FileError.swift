import Glibc

/// What the operating system refused to do with a file.
public struct FileError: Error, Sendable, CustomStringConvertible {
    public var operation: String
    public var path: String
    /// errno
    public var number: Int32

    /// - Parameter number: errno as it stands now when nil.
    public init(_ operation: String, _ path: String, number: Int32? = nil) {
        let current = errno
        (self.operation, self.path, self.number) = (operation, path, number ?? current)
    }

    public var isDiskFull: Bool { number == ENOSPC || number == EDQUOT }

    /// A word for manifests and scripts.
    public var code: String {
        switch number {
        case ENOSPC, EDQUOT: "disk-full"
        case EACCES, EPERM, EROFS: "permission-denied"
        case ENOENT: "not-found"
        case ELOOP: "symbolic-link-loop"
        case EMFILE, ENFILE: "too-many-open-files"
        default: "file-error"
        }
    }

    public var reason: String { String(cString: strerror(number)) }

    public var description: String { "cannot \(operation) \(path): \(reason)" }
}
