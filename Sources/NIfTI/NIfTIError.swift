/// Why a NIfTI image could not be read or written. The text never holds header strings: they may be patient data.
public struct NIfTIError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case unreadable
        case notNIfTI
        /// An ANALYZE 7.5 header: it does not say where left and right are.
        case analyze
        /// The file or its gzip stream ends too early.
        case truncated
        /// A header field is impossible, or the gzip checksum is wrong.
        case damaged
        /// Complex, 128-bit and 1-bit voxels, more dimensions than a volume has, values beyond Float32.
        case unsupported
        case tooLarge
        /// What was to be written fits no NIfTI file.
        case invalidVolume
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

/// Something the reader noticed that did not stop it.
public struct NIfTIWarning: Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// Neither sform nor qform: axes are taken as right, anterior, superior.
        case noOrientation
        /// A transform of the header is singular and the next one stands in.
        case transformIgnored
        /// A voxel size of zero or less was replaced.
        case spacingReplaced
        /// An ANALYZE header, read because it was asked for.
        case leftRightUnknown
        /// The fourth or fifth dimension became channels.
        case fourthDimensionAsChannels
        /// Bytes behind the last voxel were left out.
        case trailingBytes
        /// Whole numbers lose bits as Float32.
        case precisionLost
        /// RGBA32 whose alpha is not 255 everywhere: colours are kept as they are.
        case alphaDropped
        /// The chain of header extensions is broken or too long; voxels are not touched by it.
        case extensionIgnored
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }

    public var description: String { message }
}
