/// A data element's tag, under the keyword that PS3.6 gives it.
struct Tag: Sendable, Hashable, CustomStringConvertible {
    let group: UInt16
    let element: UInt16

    init(_ group: UInt16, _ element: UInt16) { (self.group, self.element) = (group, element) }

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
    static let concatenationUID = Tag(0x0020, 0x9161)
    static let directoryRecordSequence = Tag(0x0004, 0x1220)

    // Geometry.
    static let sliceThickness = Tag(0x0018, 0x0050)
    static let spacingBetweenSlices = Tag(0x0018, 0x0088)
    static let imagerPixelSpacing = Tag(0x0018, 0x1164)
    static let imagePositionPatient = Tag(0x0020, 0x0032)
    static let imageOrientationPatient = Tag(0x0020, 0x0037)
    static let pixelSpacing = Tag(0x0028, 0x0030)

    static let acquisitionMatrix = Tag(0x0018, 0x1310)
    static let frameIncrementPointer = Tag(0x0028, 0x0009)
    static let gridFrameOffsetVector = Tag(0x3004, 0x000C)
    static let sliceVector = Tag(0x0054, 0x0080)
    static let detectorInformationSequence = Tag(0x0054, 0x0022)

    // Moments, weightings and contrasts that tell slices at one place apart.
    static let acquisitionTime = Tag(0x0008, 0x0032)
    static let acquisitionDateTime = Tag(0x0008, 0x002A)
    static let contentTime = Tag(0x0008, 0x0033)
    static let echoTime = Tag(0x0018, 0x0081)
    static let triggerTime = Tag(0x0018, 0x1060)
    static let temporalResolution = Tag(0x0020, 0x0110)
    static let frameReferenceTime = Tag(0x0054, 0x1300)
    static let diffusionBValue = Tag(0x0018, 0x9087)
    static let diffusionGradientOrientation = Tag(0x0018, 0x9089)

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
    static let units = Tag(0x0054, 0x1001)

    // Functional groups of enhanced multi-frame objects (PS3.3 C.7.6.16).
    static let sharedFunctionalGroups = Tag(0x5200, 0x9229)
    static let perFrameFunctionalGroups = Tag(0x5200, 0x9230)
    static let planePositionSequence = Tag(0x0020, 0x9113)
    static let planeOrientationSequence = Tag(0x0020, 0x9116)
    static let pixelMeasuresSequence = Tag(0x0028, 0x9110)
    static let frameVOILUTSequence = Tag(0x0028, 0x9132)
    static let pixelValueTransformationSequence = Tag(0x0028, 0x9145)
    static let frameContentSequence = Tag(0x0020, 0x9111)
    static let stackID = Tag(0x0020, 0x9056)
    static let inStackPositionNumber = Tag(0x0020, 0x9057)
    static let dimensionIndexValues = Tag(0x0020, 0x9157)
    static let dimensionIndexSequence = Tag(0x0020, 0x9222)
    static let dimensionIndexPointer = Tag(0x0020, 0x9165)
    static let temporalPositionIndex = Tag(0x0020, 0x9128)
    static let temporalPositionSequence = Tag(0x0020, 0x9310)
    static let temporalPositionTimeOffset = Tag(0x0020, 0x930D)
    static let frameAcquisitionNumber = Tag(0x0020, 0x9156)
    static let frameAcquisitionDateTime = Tag(0x0018, 0x9074)
    static let cardiacSynchronizationSequence = Tag(0x0018, 0x9118)
    static let nominalCardiacTriggerDelayTime = Tag(0x0020, 0x9153)
    static let mrEchoSequence = Tag(0x0018, 0x9114)
    static let effectiveEchoTime = Tag(0x0018, 0x9082)
    static let mrDiffusionSequence = Tag(0x0018, 0x9117)
    static let diffusionGradientDirectionSequence = Tag(0x0018, 0x9076)
    static let segmentIdentificationSequence = Tag(0x0062, 0x000A)
    static let referencedSegmentNumber = Tag(0x0062, 0x000B)
    static let mrImageFrameTypeSequence = Tag(0x0018, 0x9226)
    static let ctImageFrameTypeSequence = Tag(0x0018, 0x9329)
    static let petFrameTypeSequence = Tag(0x0018, 0x9751)
    static let frameType = Tag(0x0008, 0x9007)
    static let complexImageComponent = Tag(0x0008, 0x9208)

    // RT Dose (PS3.3 C.8.8.3).
    static let doseGridScaling = Tag(0x3004, 0x000E)
    static let doseUnits = Tag(0x3004, 0x0002)
}
