/// Why a DICOM file or series could not be read. The text never holds attribute values: they may be patient data.
public struct DICOMError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// The bytes are not a DICOM file at all.
        case notDICOM
        /// A DICOMDIR: an index of other files, without pixels of its own.
        case directory
        /// The file system refused.
        case unreadable
        /// The file, its pixel data or a compressed frame ends too early.
        case truncated
        /// Parsing failed, or a required attribute is missing or contradicts another.
        case malformed
        case noPixelData
        case unsupportedTransferSyntax
        /// Pixels of a kind that is not read (odd bit depths, subsampled or contradictory colours).
        case unsupportedPixels
        /// Frames or slices that do not make one volume of a kind that is read (several stacks or time points).
        case unsupportedLayout
        /// More voxels than the limit, or than the compressed bytes can hold.
        case tooLarge
        case decodeFailed
        /// Slices at one position.
        case duplicateSlices
        /// A missing slice or unequal gaps.
        case irregularSpacing
        /// Position, orientation or spacing is missing or impossible.
        case missingGeometry
        /// A volume was asked for, and this is a picture without a place among others.
        case noVolume
        /// DCMTK's data dictionary is not installed where DCMTK looks for it.
        case dictionaryMissing
        /// A fault inside the library; please report it.
        case internalFault
    }

    public let code: Code
    public let path: String
    /// What is wrong and what to do next, in one line.
    public let message: String

    public init(_ code: Code, path: String, _ message: String) {
        (self.code, self.path, self.message) = (code, path, message)
    }

    public var description: String { "\(path): \(message)" }
}

/// Something a reader noticed that did not stop it. Without patient data.
public struct ReadWarning: Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// No position in the patient: the first voxel is put at the origin.
        case noPosition
        /// No physical pixel size: spacing counts pixels.
        case noSpacing
        /// Pixels are not square, and only Pixel Aspect Ratio says so: it is not applied.
        case pixelsNotSquare
        /// The distance between slices is not in the file: 1 mm, or 1 pixel, stands in.
        case noSliceDistance
        /// Slices are sheared against each other (gantry tilt); the geometry keeps the shear.
        case sheared
        /// Values above 2^24 lose their lowest bits as Float32.
        case precisionLost
        /// A file that is there twice is used once.
        case copyIgnored
        /// Slices were interpolated onto an even or an orthogonal grid.
        case interpolated
        /// Slices are stacked evenly although their positions are not even.
        case unevenSpacing
        /// The volume is one of several that an irregular or incomplete series was split into.
        case splitSeries
        /// Slice order of a mosaic is assumed: the vendor's private elements are gone.
        case assumedSliceOrder
        /// No Series Instance UID: files of one folder are taken for a series.
        case noSeriesUID
        /// A window of the header has an impossible width and is left out.
        case windowIgnored
        /// A VOI LUT of the header is damaged and left out.
        case voiLutIgnored
        /// Slices differ in what their values mean beside their unit; none of it is noted.
        case realWorldValuesDiffer
        /// The series has several frames of reference, and each is a volume of its own.
        case severalFramesOfReference
        /// Channels were acquired or reconstructed with unlike settings: they are no points in time.
        case unlikeSettings
        /// Points in time are uneven, or some are missing: no step is told.
        case timeStepUnknown
        /// Weightings without gradient direction: averages over directions, or directions that are not told.
        case noGradientDirection
        /// Image Type says diffusion, and nothing tells the weightings.
        case weightingsUnknown
        /// Gaps and instance numbers skip alike: every second slice, or more, may not be there.
        case slicesSkipped
        /// Pixel Padding Value needs more bits than are stored: no voxel can hold it.
        case paddingUnreachable
        /// Some slices have a rescale slope and others none.
        case rescaleMissing
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }

    public var description: String { message }
}
