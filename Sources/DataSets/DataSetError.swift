/// Why bytes are no data set that can be told apart element by element. The text never holds values.
public struct DataSetError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// No DICOM at all.
        case notDICOM
        case unreadable
        /// The file ends within an element.
        case truncated
        /// Bytes that no rule of PS3.5 explains.
        case malformed
        /// An encoding that is not the standard's.
        case unknownTransferSyntax
        /// More elements, deeper nesting or larger values than any real file has.
        case tooLarge
    }

    public let code: Code
    /// Byte of the file, or of the inflated data set, where it was noticed.
    public let offset: Int
    public let message: String

    public init(_ code: Code, at offset: Int, _ message: String) {
        (self.code, self.offset, self.message) = (code, offset, message)
    }

    public var description: String { "\(message) (at byte \(offset))" }
}
