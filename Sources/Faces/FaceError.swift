/// Why a volume cannot be defaced; the caller holds the series back. Never holds patient data.
public struct FaceError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// Colour, no physical spacing, too few voxels to see a head, NaN or infinite values.
        case unsupportedImage = "unsupported-image"
        /// Neither Hounsfield units nor a magnetic resonance image.
        case contrastUnknown = "contrast-unknown"
        /// No head was found where there may be one.
        case headUncertain = "head-uncertain"
        /// A head, but the affine may say the wrong directions.
        case orientationUncertain = "orientation-uncertain"
        /// The brain's own mask and the one of the average head disagree.
        case brainUncertain = "brain-uncertain"
        /// The brain reaches where a face should be.
        case brainInFace = "brain-in-face"
        /// Too much of the face's surface would stay.
        case faceRemains = "face-remains"
        /// There is nothing to remove: no head, or a head without a face.
        case noFace = "no-face"
    }

    public var code: Code
    /// What is wrong and what to do.
    public var description: String
    /// What was measured before it was refused.
    public var measures: HeadMeasures?

    init(_ code: Code, _ description: String, _ measures: HeadMeasures? = nil) {
        (self.code, self.description, self.measures) = (code, description, measures)
    }
}
