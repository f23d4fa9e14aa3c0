import Glibc

/// Why a file's bytes could not be had.
public struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The system refused: no such file, no permission, a broken disk.
        case unreadable
        /// A folder, pipe, socket or device.
        case notRegular
        case tooLarge
        /// The file became shorter while it was read.
        case changed
    }

    public let code: Code
    public let path: String
    /// `errno` of the call that failed.
    public let number: Int32

    public init(code: Code, path: String, number: Int32) {
        (self.code, self.path, self.number) = (code, path, number)
    }

    /// The reason without the path.
    public var reason: String {
        switch code {
        case .unreadable: String(cString: strerror(number))
        case .notRegular: "not a regular file"
        case .tooLarge: "larger than this format's limit"
        case .changed: "the file became shorter while it was read; try again when nothing writes to it"
        }
    }

    public var description: String { "\(path): \(reason)" }
}
