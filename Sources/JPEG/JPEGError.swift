/// Why a JPEG image could not be read.
public struct JPEGError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case unreadable
        /// The start-of-image marker is missing.
        case notJPEG
        /// Truncated, or the entropy-coded data is wrong.
        case damaged
        /// More pixels than the limit.
        case tooLarge
        /// A kind of JPEG that is not read: CMYK, lossless, 12 bits.
        case unsupported
    }

    public let code: Code
    public let path: String
    public let message: String

    public init(_ code: Code, path: String, _ message: String) {
        (self.code, self.path, self.message) = (code, path, message)
    }

    public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
