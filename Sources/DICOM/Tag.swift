/// A data element's tag, under the keyword that PS3.6 gives it.
struct Tag: Sendable, Hashable, CustomStringConvertible {
    let group: UInt16
    let element: UInt16

    private init(_ group: UInt16, _ element: UInt16) { (self.group, self.element) = (group, element) }

    var description: String { "(\(Self.hex(group)),\(Self.hex(element)))" }

    private static func hex(_ value: UInt16) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }

    // File meta information and identity.
    static let transferSyntaxUID = Tag(0x0002, 0x0010)
    static let imageType = Tag(0x0008, 0x0008)
    static let sopClassUID = Tag(0x0008, 0x0016)
    static let sopInstanceUID = Tag(0x0008, 0x0018)
    static let modality = Tag(0x0008, 0x0060)
    static let seriesDescription = Tag(0x0008, 0x103E)
    static let patientID = Tag(0x0010, 0x0020)
    static let studyInstanceUID = Tag(0x0020, 0x000D)
    static let seriesInstanceUID = Tag(0x0020, 0x000E)
    static let seriesNumber = Tag(0x0020, 0x0011)
    static let acquisitionNumber = Tag(0x0020, 0x0012)
    static let instanceNumber = Tag(0x0020, 0x0013)
    static let temporalPositionIdentifier = Tag(0x0020, 0x0100)
    static let echoNumbers = Tag(0x0018, 0x0086)
    static let directoryRecordSequence = Tag(0x0004, 0x1220)

    // Geometry.
    static let sliceThickness = Tag(0x0018, 0x0050)
    static let spacingBetweenSlices = Tag(0x0018, 0x0088)
    static let imagerPixelSpacing = Tag(0x0018, 0x1164)
    static let imagePositionPatient = Tag(0x0020, 0x0032)
    static let imageOrientationPatient = Tag(0x0020, 0x0037)
    static let pixelSpacing = Tag(0x0028, 0x0030)

    // Pixels.
    static let samplesPerPixel = Tag(0x0028, 0x0002)
    static let photometricInterpretation = Tag(0x0028, 0x0004)
    static let planarConfiguration = Tag(0x0028, 0x0006)
    static let numberOfFrames = Tag(0x0028, 0x0008)
    static let rows = Tag(0x0028, 0x0010)
    static let columns = Tag(0x0028, 0x0011)
    static let bitsAllocated = Tag(0x0028, 0x0100)
    static let bitsStored = Tag(0x0028, 0x0101)
    static let highBit = Tag(0x0028, 0x0102)
    static let pixelRepresentation = Tag(0x0028, 0x0103)
    static let pixelPaddingValue = Tag(0x0028, 0x0120)
    static let pixelPaddingRangeLimit = Tag(0x0028, 0x0121)
    static let floatPixelPaddingValue = Tag(0x0028, 0x0122)
    static let doubleFloatPixelPaddingValue = Tag(0x0028, 0x0123)
    static let floatPixelPaddingRangeLimit = Tag(0x0028, 0x0124)
    static let doubleFloatPixelPaddingRangeLimit = Tag(0x0028, 0x0125)
    static let redPaletteDescriptor = Tag(0x0028, 0x1101)
    static let greenPaletteDescriptor = Tag(0x0028, 0x1102)
    static let bluePaletteDescriptor = Tag(0x0028, 0x1103)
    static let redPaletteData = Tag(0x0028, 0x1201)
    static let greenPaletteData = Tag(0x0028, 0x1202)
    static let bluePaletteData = Tag(0x0028, 0x1203)
    static let segmentedRedPaletteData = Tag(0x0028, 0x1221)
    static let segmentedGreenPaletteData = Tag(0x0028, 0x1222)
    static let segmentedBluePaletteData = Tag(0x0028, 0x1223)
    static let floatPixelData = Tag(0x7FE0, 0x0008)
    static let doubleFloatPixelData = Tag(0x7FE0, 0x0009)
    static let pixelData = Tag(0x7FE0, 0x0010)

    // From stored values to output units and display.
    static let windowCenter = Tag(0x0028, 0x1050)
    static let windowWidth = Tag(0x0028, 0x1051)
    static let rescaleIntercept = Tag(0x0028, 0x1052)
    static let rescaleSlope = Tag(0x0028, 0x1053)
    static let rescaleType = Tag(0x0028, 0x1054)
    static let voiLUTFunction = Tag(0x0028, 0x1056)
    static let modalityLUTSequence = Tag(0x0028, 0x3000)
    static let lutDescriptor = Tag(0x0028, 0x3002)
    static let modalityLUTType = Tag(0x0028, 0x3004)
    static let lutData = Tag(0x0028, 0x3006)
    static let units = Tag(0x0054, 0x1001)
    static let doseUnits = Tag(0x3004, 0x0002)
    static let doseGridScaling = Tag(0x3004, 0x000E)
    static let realWorldValueMappingSequence = Tag(0x0040, 0x9096)
    static let realWorldValueIntercept = Tag(0x0040, 0x9224)
    static let realWorldValueSlope = Tag(0x0040, 0x9225)
    static let measurementUnitsCodeSequence = Tag(0x0040, 0x08EA)
    static let codeValue = Tag(0x0008, 0x0100)

    // Functional groups of enhanced multi-frame objects (PS3.3 C.7.6.16).
    static let sharedFunctionalGroups = Tag(0x5200, 0x9229)
    static let perFrameFunctionalGroups = Tag(0x5200, 0x9230)
    static let planePositionSequence = Tag(0x0020, 0x9113)
    static let planeOrientationSequence = Tag(0x0020, 0x9116)
    static let pixelMeasuresSequence = Tag(0x0028, 0x9110)
    static let frameVOILUTSequence = Tag(0x0028, 0x9132)
    static let pixelValueTransformationSequence = Tag(0x0028, 0x9145)
}
