/// Why a PNG image could not be read or written.
public struct PNGError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case unreadable
        /// The signature is missing.
        case notPNG
        /// Truncated, or a checksum or the image data is wrong.
        case damaged
        /// More pixels than the limit, or than the file's bytes can hold.
        case tooLarge
        /// What was to be written is no image that PNG can hold.
        case invalidImage
    }

    public let code: Code
    /// Empty when there is no file yet.
    public let path: String
    public let message: String

    public init(_ code: Code, path: String, _ message: String) {
        (self.code, self.path, self.message) = (code, path, message)
    }

    public var description: String { path.isEmpty ? message : "\(path): \(message)" }
}
