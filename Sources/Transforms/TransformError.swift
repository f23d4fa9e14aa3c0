/// Why a transform refuses an image. Never holds patient data.
public struct TransformError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// NaN or infinite voxels.
        case notFinite = "not-finite"
        /// An option that does not fit this image.
        case invalidOption = "invalid-option"
        /// The image lacks what the transform needs: physical spacing, a header window.
        case missingInformation = "missing-information"
        /// A mask that is not on the image's grid, or that is empty where it must not be.
        case unusableMask = "unusable-mask"
        /// The result would not fit in memory.
        case tooLarge = "too-large"
        /// No alignment that can be believed.
        case registrationFailed = "registration-failed"
    }

    public var code: Code
    /// What is wrong and what to do.
    public var description: String

    public init(_ code: Code, _ description: String) { (self.code, self.description) = (code, description) }
}
