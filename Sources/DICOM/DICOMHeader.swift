public import Volumes

/// What the attributes of one DICOM file say, without its pixels. Attributes are named as in PS3.6.
///
/// `patientKey` and `seriesDescription` may identify a patient: they are for grouping and for a person who asks, never
/// for logs.
public struct DICOMHeader: Sendable {
    public var path: String
    public var fileSize = 0
    /// (0002,0010) as the file states it.
    public var transferSyntax = TransferSyntax(uid: "")
    public var transferSyntaxUID: String { transferSyntax.uid }
    /// A DICOMDIR: it lists files and has no pixels.
    public var isDICOMDIR = false
    /// Rows and Columns are there; whether the pixels follow whole shows when they are read.
    public var hasPixelData = false
    /// Where the pixels lie when nothing has to be decoded.
    var nativePixels: NativePixels?

    public var sopClassUID = ""
    public var sopInstanceUID = ""
    public var studyInstanceUID = ""
    public var seriesInstanceUID = ""
    /// Patient ID as it stands in the file. Never print it.
    public var patientKey = ""
    public var modality = Modality.other
    public var seriesNumber: Int?
    public var instanceNumber: Int?
    public var acquisitionNumber: Int?
    public var temporalPosition: Int?
    public var echoNumbers: [Int] = []
    /// ms; tells echoes apart, whether they are numbered or not.
    public var echoTime: Double?
    /// Degrees.
    var flipAngle: Double?
    /// What positions are relative to: those of two frames of reference cannot be compared (PS3.3 C.7.4.1).
    var frameOfReferenceUID: String?
    /// What else tells slices at one place apart.
    public var moment = Moment()
    /// ms between time points (0020,0110).
    public var temporalResolution: Double?
    /// The object that a multi-frame file is one part of (PS3.3 C.7.6.16.1.3).
    var concatenationUID: String?
    public var seriesDescription: String?
    public var imageType: [String] = []

    public var rows = 0
    public var columns = 0
    /// At least 1.
    public var frames = 1
    public var samplesPerPixel = 1
    public var bitsAllocated = 0
    public var bitsStored = 0
    public var highBit = 0
    /// True for two's complement (Pixel Representation 1).
    public var isSigned = false
    /// 0: colour by pixel; 1: colour by plane.
    public var planarConfiguration = 0
    public var photometricInterpretation = ""
    /// Which element of group 7FE0 has the pixels.
    public var pixelElement = PixelElement.integers
    /// Bits of a palette's entries; nil without palette.
    var paletteBits: Int?
    /// Stored values are indices into a colour table (PS3.3 C.7.6.3.1.2).
    var isPalette: Bool { photometricInterpretation == "PALETTE COLOR" }
    /// Channels of the volume: gray is 1, colour is 3.
    public var channels: Int { isPalette ? 3 : samplesPerPixel }
    /// One channel of whole numbers.
    var isGrayInteger: Bool { pixelElement == .integers && samplesPerPixel == 1 && !isPalette }
    /// What Bits Stored can hold, where they are fewer than Bits Allocated.
    var storedRange: ClosedRange<Float>? {
        guard isGrayInteger, (1..<bitsAllocated).contains(bitsStored), bitsStored < 32 else { return nil }
        let count = 1 << bitsStored
        return isSigned ? Float(-count / 2)...Float(count / 2 - 1) : 0...Float(count - 1)
    }
    /// Bits of a voxel as it comes out, or nil when it is a floating-point number.
    var outputBits: Int? { pixelElement == .integers ? paletteBits ?? bitsStored : nil }

    /// LPS mm of the centre of the first pixel (PS3.3 C.7.6.2.1.1). Multi-frame objects have it per frame.
    public var imagePositionPatient: SIMD3<Double>?
    /// Unit vectors along a row (to higher columns) and along a column (to higher rows).
    public var imageOrientationPatient: Orientation?
    /// mm between rows (y) and between columns (x), in that order as in the file. Imager Pixel Spacing, measured at
    /// the detector, stands in for projection radiographs.
    public var pixelSpacing: PixelSpacing?
    /// Height over width of a pixel, where that is all the file tells of its size (PS3.3 C.7.6.3.1.7).
    var pixelAspect: Double?
    /// Nominal, mm.
    public var sliceThickness: Double?
    /// mm between slice centres.
    public var spacingBetweenSlices: Double?

    /// Stored value to output unit, when the file states it for all its frames.
    public var rescale: Rescale?
    /// Rescale Type, or the Units of PET.
    public var unit: String?
    public var windows: [Window] = []
    /// Windows that were left out because their width is impossible.
    var ignoredWindows = 0
    /// Tables in place of windows, or beside them: each is a look of its own.
    public var voiLUTs: [VOILUT] = []
    /// Tables that were left out because they are damaged.
    var ignoredVOILUTs = 0
    /// Stored values that mark no data (PS3.3 C.7.5.1.1.2).
    public var paddingRange: ClosedRange<Float>?
    /// In place of `rescale`: a table (PS3.3 C.11.1.1).
    public var modalityLUT: ModalityLUT?
    /// Noted, never applied (PS3.3 C.7.6.16.2.11).
    public var realWorldValues: [RealWorldValue] = []
    /// Frames have real world values of their own, which are left out.
    var hasVaryingRealWorldValues = false

    /// What the functional groups say of each frame; empty for objects without them.
    var frameAttributes: [FrameAttributes] = []
    /// LPS mm of each frame of objects without functional groups that place their frames by a vector; else empty.
    var framePositions: [SIMD3<Double>] = []
    /// LPS mm of the centre of a frame's first pixel; frames count from 0.
    func position(ofFrame frame: Int) -> SIMD3<Double>? {
        if framePositions.indices.contains(frame) { return framePositions[frame] }
        if frameAttributes.indices.contains(frame) { return frameAttributes[frame].position ?? imagePositionPatient }
        return imagePositionPatient
    }
    /// mm from a slice to the next one, or through the only one; 0 where the header doesn't tell.
    var sliceDistance: Double { spacingBetweenSlices.map(abs) ?? sliceThickness ?? 0 }
    /// The slices that the picture holds side by side, when it is a mosaic.
    public var mosaic: Mosaic?
    /// The picture is a mosaic and how many slices it holds is not told.
    var isUncountedMosaic = false
}

/// The elements that may hold pixels (PS3.3 C.7.6.3, C.7.6.24, C.7.6.25), by their number in group 7FE0.
public enum PixelElement: UInt16, Sendable, Hashable {
    /// Pixel Data.
    case integers = 0x0010
    /// Float Pixel Data: 32 bits.
    case floats = 0x0008
    /// Double Float Pixel Data: 64 bits.
    case doubles = 0x0009

    /// Bits Allocated that the element demands; nil for integers.
    var floatingBits: Int? {
        switch self {
        case .integers: nil
        case .floats: 32
        case .doubles: 64
        }
    }
}

/// Directions of an image's axes in LPS (PS3.3 C.7.6.2.1.1), as stored: not yet normalised.
public struct Orientation: Sendable, Hashable {
    public var row: SIMD3<Double>
    public var column: SIMD3<Double>

    public init(row: SIMD3<Double>, column: SIMD3<Double>) { (self.row, self.column) = (row, column) }

    public var normal: SIMD3<Double> { row.cross(column) }
}

/// Distances in mm between the centres of neighbouring rows and of neighbouring columns (PS3.3 10.7.1.3).
public struct PixelSpacing: Sendable, Hashable {
    public var betweenRows: Double
    public var betweenColumns: Double

    public init(betweenRows: Double, betweenColumns: Double) {
        (self.betweenRows, self.betweenColumns) = (betweenRows, betweenColumns)
    }
}
