/// What later stages need to know of an image beside its voxels and geometry. No patient data comes here.
public struct Attributes: Sendable {
    /// Stored value to output unit, one for the whole volume or one a slice; empty when voxels are in their unit
    /// already (PS3.3 C.11.1: Modality LUT; NIfTI scl_slope and scl_inter).
    public var rescales: [Rescale] = []
    /// From stored values to the voxels as they are now, once `rescales` have been applied; nil where no line tells it:
    /// after a table or a normalisation, or where slices had slopes of their own.
    public var appliedRescale: Rescale? = Rescale(slope: 1, intercept: 0)
    /// In place of `rescales`, which are empty then: a table from stored values to output values (PS3.3 C.11.1.1).
    public var modalityLUT: ModalityLUT?
    /// What the values could mean beside their unit; noted, never applied (PS3.3 C.7.6.16.2.11).
    public var realWorldValues: [RealWorldValue] = []
    /// Unit of the voxels after `rescales` or `modalityLUT` ("HU", "BQML"), when known.
    public var unit: String?
    /// Display windows of the header, in the order in which they stand there.
    public var windows: [Window] = []
    /// Tables that the header has in place of windows, or beside them.
    public var voiLUTs: [VOILUT] = []
    /// Slices have windows or tables of their own; these are the middle slice's.
    public var hasVaryingWindows = false
    /// BitsStored of the pixels, when they are integers.
    public var bitsStored: Int?
    public var isSigned = false
    /// How a pixel's value becomes brightness.
    public var polarity = Polarity.brightIsHigh
    /// Stored values that mark "no data" outside the field of view (PS3.3 C.7.5.1.1.2).
    public var padding: ClosedRange<Float>?
    /// The value that voxels of "no data" hold since `padding` was filled; nil where there were none.
    public var paddingFill: Float?
    /// Padding has been given a value of the image: nobody can tell it from the image any more.
    public var isPaddingFilled: Bool { paddingFill != nil }
    /// What the channels are.
    public var channelAxis = ChannelAxis.none
    /// SOP Instance UID (and frame, from 1) behind each slice, in slice order; channel by channel when channels are
    /// time points or diffusion weightings. The nearest slice where slices were interpolated, and an empty UID where none
    /// stands behind a slice. Empty for other formats, and where slices cross the acquired ones.
    public var sliceSources: [SliceSource] = []
    /// Series number in the study, when there is one.
    public var seriesNumber: Int?

    public init() {}

    /// Voxels have been mapped onto a scale of their own: what the header says of stored values and of the unit is not
    /// about them.
    public mutating func forgetScale() {
        (rescales, appliedRescale, modalityLUT) = ([], nil, nil)
        (padding, unit) = (nil, nil)
        forgetWindows()
    }

    /// Values are others than the header's looks at them are for.
    public mutating func forgetWindows() { (windows, voiLUTs, hasVaryingWindows) = ([], [], false) }

    /// Voxels are stored values still: the header says how they become output values, and nothing has done it yet.
    public var hasStoredValues: Bool { modalityLUT != nil || !rescales.allSatisfy(\.isIdentity) }
}

/// `value = slope * stored + intercept`.
public struct Rescale: Sendable, Hashable {
    public var slope: Double
    public var intercept: Double

    public init(slope: Double, intercept: Double) { (self.slope, self.intercept) = (slope, intercept) }
    public var isIdentity: Bool { slope == 1 && intercept == 0 }
}

/// A window of values worth looking at (PS3.3 C.11.2.1.2), in output units (HU for CT).
public struct Window: Sendable, Hashable {
    public var center: Double
    public var width: Double
    public var function: VOIFunction

    public init(center: Double, width: Double, function: VOIFunction = .linear) {
        (self.center, self.width, self.function) = (center, width, function)
    }
}

/// VOI LUT Function (0028,1056).
public enum VOIFunction: String, Sendable, CaseIterable {
    case linear
    case linearExact = "linear-exact"
    case sigmoid
}

/// Photometric polarity of a single-channel image.
public enum Polarity: Sendable {
    /// MONOCHROME2: higher values are brighter.
    case brightIsHigh
    /// MONOCHROME1: higher values are darker.
    case brightIsLow
}

/// The DICOM instance that a slice came from.
public struct SliceSource: Sendable, Hashable {
    public var sopInstanceUID: String
    /// Frame number from 1 in a multi-frame instance, nil in a single-frame one.
    public var frame: Int?

    /// Of slices that were added.
    static let none = SliceSource(sopInstanceUID: "")

    public init(sopInstanceUID: String, frame: Int? = nil) {
        (self.sopInstanceUID, self.frame) = (sopInstanceUID, frame)
    }
}
