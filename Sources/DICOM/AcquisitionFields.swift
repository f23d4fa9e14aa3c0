import Volumes

/// How an image was acquired, under the names that BIDS and dcm2niix give these attributes.
///
/// Only what describes the scanner and its settings: no names, dates, UIDs or institutions. Free text that a person
/// typed (series and protocol names) is among it: this is for conversion, not for release.
public struct AcquisitionFields: Sendable {
    public enum Value: Sendable, Hashable {
        case text(String)
        case number(Double)
        case texts([String])
        case numbers([Double])
    }

    /// In the order of `table`; absent and empty attributes are left out.
    public let fields: [(name: String, value: Value)]

    init(_ fields: [(name: String, value: Value)]) { self.fields = fields }

    /// Reads the attributes of one file for each of some of its frames, which count from 0: in enhanced objects the
    /// frame's own functional groups come before those that all share, and these before the main data set.
    static func read(path: String, frames: [Int]) throws(DICOMError) -> [AcquisitionFields] {
        let file = try OpenFile(path: path, headerOnly: true)
        return file.withDataset { data in
            frames.map { frame in
                let groups = functionalGroups(data, frame: frame)
                let places = groups + [segment(data, groups)].compactMap { $0 } + [data]
                var found: [(name: String, value: Value)] = []
                for field in table where !found.contains(where: { $0.name == field.name }) {
                    guard let value = places.lazy.compactMap({ field.value(in: $0) }).first else { continue }
                    found.append((field.name, value))
                }
                return AcquisitionFields(found)
            }
        }
    }

    /// Items of the macros that hold acquisition attributes (PS3.3 C.8.13.5, C.8.15.3, C.7.6.16.2).
    private static func functionalGroups(_ data: Dataset, frame: Int) -> [Dataset] {
        let groups = [data.item(.perFrameFunctionalGroups, frame), data.item(.sharedFunctionalGroups)].compactMap { $0 }
        return groups.flatMap { group in macros.compactMap { group.item($0) } }
    }

    /// What Segment Sequence (0062,0002) says of the segment that a frame belongs to (PS3.3 C.8.20.2).
    private static func segment(_ data: Dataset, _ groups: [Dataset]) -> Dataset? {
        guard let number = groups.lazy.compactMap({ $0.integer(.referencedSegmentNumber) }).first else { return nil }
        return (0..<data.itemCount(.segmentSequence)).lazy.compactMap { data.item(.segmentSequence, $0) }
            .first { $0.integer(.segmentNumber) == number }
    }

    private static let macros: [Tag] = [
        .mrTimingSequence, .mrEchoSequence, .mrModifierSequence, .mrAveragesSequence, .mrImagingModifierSequence,
        .mrGeometrySequence, .mrReceiveCoilSequence, .ctExposureSequence, .ctXRayDetailsSequence,
        .ctReconstructionSequence, .pixelMeasuresSequence, .frameAnatomySequence, .mrImageFrameTypeSequence,
        .ctImageFrameTypeSequence, .petFrameTypeSequence, .segmentIdentificationSequence,
    ]
}

/// One attribute, its name in a sidecar, and how its value is written there.
private struct Field {
    enum Form {
        case text, texts, number, numbers
        /// Milliseconds in DICOM, seconds in a sidecar.
        case seconds
        /// A DICOM time as HH:MM:SS.ffffff.
        case time
    }

    let name: String
    let tag: Tag
    let form: Form

    func value(in data: Dataset) -> AcquisitionFields.Value? {
        switch form {
        case .text: data.text(tag).flatMap { $0.isEmpty ? nil : .text($0) }
        case .texts: data.texts(tag).isEmpty ? nil : .texts(data.texts(tag))
        case .number: data.number(tag).map { .number($0) }
        case .numbers: data.numbers(tag).isEmpty ? nil : .numbers(data.numbers(tag))
        case .seconds: data.number(tag).map { .number($0 / 1000) }
        case .time: data.text(tag).flatMap(Self.time).map { .text($0) }
        }
    }

    private static func time(_ text: String) -> String? {
        // Seconds, and minutes with them, may be left out (PS3.5 6.2, TM).
        let stated = text.prefix { $0 != "." }
        let fraction = text.dropFirst(stated.count + 1).prefix(6)
        let isDigit = { (c: Character) in c.isASCII && c.isNumber }
        guard [2, 4, 6].contains(stated.count), stated.allSatisfy(isDigit), fraction.allSatisfy(isDigit) else {
            return nil
        }
        let digits = stated + String(repeating: "0", count: 6 - stated.count)
        let parts = [digits.prefix(2), digits.dropFirst(2).prefix(2), digits.dropFirst(4)]
        return parts.joined(separator: ":") + "." + fraction + String(repeating: "0", count: 6 - fraction.count)
    }
}

extension AcquisitionFields {
    private static let table: [Field] = [
        .init(name: "Modality", tag: .modality, form: .text),
        .init(name: "MagneticFieldStrength", tag: .magneticFieldStrength, form: .number),
        .init(name: "ImagingFrequency", tag: .imagingFrequency, form: .number),
        .init(name: "Manufacturer", tag: .manufacturer, form: .text),
        .init(name: "ManufacturersModelName", tag: .manufacturersModelName, form: .text),
        .init(name: "SoftwareVersions", tag: .softwareVersions, form: .text),
        .init(name: "BodyPart", tag: .bodyPartExamined, form: .text),
        .init(name: "PatientPosition", tag: .patientPosition, form: .text),
        .init(name: "SeriesDescription", tag: .seriesDescription, form: .text),
        .init(name: "ProtocolName", tag: .protocolName, form: .text),
        .init(name: "ScanningSequence", tag: .scanningSequence, form: .text),
        .init(name: "SequenceVariant", tag: .sequenceVariant, form: .text),
        .init(name: "ScanOptions", tag: .scanOptions, form: .text),
        .init(name: "SequenceName", tag: .sequenceName, form: .text),
        .init(name: "PulseSequenceName", tag: .pulseSequenceName, form: .text),
        .init(name: "MRAcquisitionType", tag: .mrAcquisitionType, form: .text),
        .init(name: "ImageType", tag: .frameType, form: .texts),
        .init(name: "ImageType", tag: .imageType, form: .texts),
        .init(name: "ComplexImageComponent", tag: .complexImageComponent, form: .text),
        .init(name: "SegmentNumber", tag: .segmentNumber, form: .number),
        .init(name: "SegmentLabel", tag: .segmentLabel, form: .text),
        .init(name: "SeriesNumber", tag: .seriesNumber, form: .number),
        .init(name: "AcquisitionTime", tag: .acquisitionTime, form: .time),
        .init(name: "AcquisitionNumber", tag: .acquisitionNumber, form: .number),
        .init(name: "SliceThickness", tag: .sliceThickness, form: .number),
        .init(name: "SpacingBetweenSlices", tag: .spacingBetweenSlices, form: .number),
        .init(name: "SAR", tag: .sar, form: .number),
        .init(name: "NumberOfAverages", tag: .numberOfAverages, form: .number),
        .init(name: "EchoNumber", tag: .echoNumbers, form: .number),
        .init(name: "EchoTime", tag: .echoTime, form: .seconds),
        .init(name: "EchoTime", tag: .effectiveEchoTime, form: .seconds),
        .init(name: "RepetitionTime", tag: .repetitionTime, form: .seconds),
        .init(name: "InversionTime", tag: .inversionTime, form: .seconds),
        .init(name: "InversionTime", tag: .inversionTimes, form: .seconds),
        .init(name: "FlipAngle", tag: .flipAngle, form: .number),
        .init(name: "EchoTrainLength", tag: .echoTrainLength, form: .number),
        .init(name: "PixelBandwidth", tag: .pixelBandwidth, form: .number),
        .init(name: "PercentPhaseFOV", tag: .percentPhaseFieldOfView, form: .number),
        .init(name: "PercentSampling", tag: .percentSampling, form: .number),
        .init(name: "PhaseEncodingSteps", tag: .phaseEncodingSteps, form: .number),
        .init(name: "InPlanePhaseEncodingDirectionDICOM", tag: .inPlanePhaseEncodingDirection, form: .text),
        .init(name: "ReceiveCoilName", tag: .receiveCoilName, form: .text),
        .init(name: "KVP", tag: .kvp, form: .number),
        .init(name: "XRayTubeCurrent", tag: .xRayTubeCurrent, form: .number),
        .init(name: "XRayExposure", tag: .exposure, form: .number),
        .init(name: "ExposureTime", tag: .exposureTime, form: .seconds),
        .init(name: "ConvolutionKernel", tag: .convolutionKernel, form: .text),
        .init(name: "Units", tag: .units, form: .text),
        .init(name: "DecayCorrection", tag: .decayCorrection, form: .text),
        .init(name: "AttenuationCorrectionMethod", tag: .attenuationCorrectionMethod, form: .text),
        .init(name: "ReconstructionMethod", tag: .reconstructionMethod, form: .text),
        .init(name: "DoseCalibrationFactor", tag: .doseCalibrationFactor, form: .number),
        .init(name: "FrameDuration", tag: .actualFrameDuration, form: .seconds),
        .init(name: "ImageOrientationPatientDICOM", tag: .imageOrientationPatient, form: .numbers),
    ]
}

extension Tag {
    fileprivate static let manufacturer = Tag(0x0008, 0x0070)
    fileprivate static let manufacturersModelName = Tag(0x0008, 0x1090)
    fileprivate static let bodyPartExamined = Tag(0x0018, 0x0015)
    fileprivate static let sequenceVariant = Tag(0x0018, 0x0021)
    fileprivate static let mrAcquisitionType = Tag(0x0018, 0x0023)
    fileprivate static let sequenceName = Tag(0x0018, 0x0024)
    fileprivate static let numberOfAverages = Tag(0x0018, 0x0083)
    fileprivate static let imagingFrequency = Tag(0x0018, 0x0084)
    fileprivate static let magneticFieldStrength = Tag(0x0018, 0x0087)
    fileprivate static let phaseEncodingSteps = Tag(0x0018, 0x0089)
    fileprivate static let echoTrainLength = Tag(0x0018, 0x0091)
    fileprivate static let percentSampling = Tag(0x0018, 0x0093)
    fileprivate static let percentPhaseFieldOfView = Tag(0x0018, 0x0094)
    fileprivate static let pixelBandwidth = Tag(0x0018, 0x0095)
    fileprivate static let softwareVersions = Tag(0x0018, 0x1020)
    fileprivate static let protocolName = Tag(0x0018, 0x1030)
    fileprivate static let exposureTime = Tag(0x0018, 0x1150)
    fileprivate static let xRayTubeCurrent = Tag(0x0018, 0x1151)
    fileprivate static let exposure = Tag(0x0018, 0x1152)
    fileprivate static let actualFrameDuration = Tag(0x0018, 0x1242)
    fileprivate static let sar = Tag(0x0018, 0x1316)
    fileprivate static let segmentSequence = Tag(0x0062, 0x0002)
    fileprivate static let segmentNumber = Tag(0x0062, 0x0004)
    fileprivate static let segmentLabel = Tag(0x0062, 0x0005)
    fileprivate static let pulseSequenceName = Tag(0x0018, 0x9005)
    fileprivate static let mrImagingModifierSequence = Tag(0x0018, 0x9006)
    fileprivate static let mrAveragesSequence = Tag(0x0018, 0x9119)
    fileprivate static let mrGeometrySequence = Tag(0x0018, 0x9125)
    fileprivate static let ctExposureSequence = Tag(0x0018, 0x9321)
    fileprivate static let frameAnatomySequence = Tag(0x0020, 0x9071)
    fileprivate static let attenuationCorrectionMethod = Tag(0x0054, 0x1101)
    fileprivate static let decayCorrection = Tag(0x0054, 0x1102)
    fileprivate static let reconstructionMethod = Tag(0x0054, 0x1103)
    fileprivate static let doseCalibrationFactor = Tag(0x0054, 0x1322)
}
