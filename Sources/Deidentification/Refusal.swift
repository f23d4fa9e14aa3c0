/// Why a file does not come out. The text holds no values.
public struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// The file cannot be told apart byte by byte.
        case unparsable
        /// No SOP Class of the standard: nobody knows what its attributes mean.
        case privateSOPClass = "private-sop-class"
        /// A DICOMDIR: made anew, never passed on.
        case directory
        /// No Patient ID and no Study Instance UID.
        case noPatient
        /// One Patient ID, several persons.
        case ambiguousPatient
        /// A document inside the file that nobody looks into.
        case encapsulatedDocument
        /// Compressed pixel data that may carry text and is not looked at.
        case unexaminedPixels
        /// An original value was found in what was written.
        case leak
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }

    public var description: String { message }
}
