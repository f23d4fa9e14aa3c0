import Volumes

/// One frame of an enhanced object: its own functional groups over the shared ones (PS3.3 C.7.6.16.2).
struct FrameAttributes: Sendable, Hashable {
    var position: SIMD3<Double>?
    var orientation: Orientation?
    var spacing: PixelSpacing?
    var thickness: Double?
    var spacingBetweenSlices: Double?
    var rescale: Rescale?
    var unit: String?
    /// ms
    var echoTime: Double?
    /// Degrees.
    var flipAngle: Double?
    /// Frame Type from its third value on, and the complex image component.
    var type: [String]?
    var stackID: String?
    var segment: Int?
    var moment = Moment()
}

extension DICOMHeader {
    /// Enhanced objects keep geometry and values in functional groups; what holds for every frame moves up.
    mutating func readFunctionalGroups(_ data: Dataset, path: String) throws(DICOMError) {
        var shared = FrameAttributes()
        if let item = data.item(.sharedFunctionalGroups) {
            shared = try FrameAttributes(groups: item, otherDimensions: [], path: path)
        }
        // Dimensions that order frames within a volume do not tell volumes apart (PS3.3 C.7.6.17).
        let dimensions = (0..<data.itemCount(.dimensionIndexSequence)).map { index in
            data.item(.dimensionIndexSequence, index)?.tagValue(.dimensionIndexPointer)
        }
        let within: [Tag] = [.stackID, .inStackPositionNumber, .imagePositionPatient, .imageOrientationPatient]
        let others = dimensions.indices.filter { !within.contains(dimensions[$0] ?? .stackID) }
        for index in 0..<data.itemCount(.perFrameFunctionalGroups) {
            guard let item = data.item(.perFrameFunctionalGroups, index) else { continue }
            let frame = try FrameAttributes(groups: item, otherDimensions: others, path: path)
            frameAttributes.append(frame.over(shared))
        }
        let first = frameAttributes.first ?? shared
        imageOrientationPatient = imageOrientationPatient ?? first.orientation
        pixelSpacing = pixelSpacing ?? first.spacing
        sliceThickness = sliceThickness ?? first.thickness
        spacingBetweenSlices = spacingBetweenSlices ?? first.spacingBetweenSlices
        unit = unit ?? first.unit
        readFrameRealWorldValues(data)
        if modalityLUT != nil, frameAttributes.contains(where: { $0.rescale != nil }) {
            throw DICOMError(.malformed, path: path, "a Modality LUT beside slopes of single frames")
        }
        if rescale == nil, frameAttributes.allSatisfy({ $0.rescale == first.rescale }) { rescale = first.rescale }
        if frames == 1 { imagePositionPatient = imagePositionPatient ?? first.position }
        guard windows.isEmpty else { return }
        let group = data.item(.sharedFunctionalGroups)?.item(.frameVOILUTSequence)
        if let group = group ?? data.item(.perFrameFunctionalGroups)?.item(.frameVOILUTSequence) {
            readWindows(group)
        }
    }
}

extension FrameAttributes {
    /// Reads the macros that matter here from one item of the functional group sequences.
    ///
    /// - Parameter otherDimensions: places in Dimension Index Values that tell neither stack nor position.
    init(groups: Dataset, otherDimensions: [Int], path: String) throws(DICOMError) {
        if let plane = groups.item(.planePositionSequence) {
            position = SIMD3(try plane.vector(.imagePositionPatient, count: 3, path: path))
        }
        if let plane = groups.item(.planeOrientationSequence) {
            orientation = Orientation(try plane.vector(.imageOrientationPatient, count: 6, path: path))
        }
        if let measures = groups.item(.pixelMeasuresSequence) {
            spacing = try PixelSpacing(measures, .pixelSpacing, path: path)
            thickness = measures.distance(.sliceThickness)
            spacingBetweenSlices = measures.distance(.spacingBetweenSlices)
        }
        if let values = groups.item(.pixelValueTransformationSequence) {
            rescale = try Rescale(values, path: path)
            unit = values.text(.rescaleType).flatMap { $0.isEmpty ? nil : $0 }
        }
        echoTime = groups.item(.mrEchoSequence)?.number(.effectiveEchoTime)
        readSettings(groups)
        for sequence in [Tag.mrImageFrameTypeSequence, .ctImageFrameTypeSequence, .petFrameTypeSequence] {
            guard let item = groups.item(sequence) else { continue }
            let component = item.text(.complexImageComponent).map { [$0] } ?? []
            type = Array(item.texts(.frameType).dropFirst(2)) + component
        }
        segment = groups.item(.segmentIdentificationSequence)?.integer(.referencedSegmentNumber)
        if let content = groups.item(.frameContentSequence) {
            stackID = content.text(.stackID)
            moment.temporalPosition = content.integer(.temporalPositionIndex)
            moment.acquisitionNumber = content.integer(.frameAcquisitionNumber)
            let clock = content.text(.frameAcquisitionDateTime).flatMap(Moment.clock)
            (moment.acquisitionTime, moment.acquisitionDay) = (clock?.seconds, clock?.day)
            let values = content.numbers(.dimensionIndexValues)
            if otherDimensions.allSatisfy(values.indices.contains) {
                moment.dimensions = otherDimensions.map { values[$0] }
            }
        }
        moment.timeOffset = groups.item(.temporalPositionSequence)?.number(.temporalPositionTimeOffset)
        moment.triggerTime = groups.item(.cardiacSynchronizationSequence)?.number(.nominalCardiacTriggerDelayTime)
        if let diffusion = groups.item(.mrDiffusionSequence) {
            let weighting = DiffusionWeighting(macro: diffusion)
            (moment.bValue, moment.direction) = (weighting.bValue, weighting.direction)
        }
    }

    /// Of MR (PS3.3 C.8.13.5) and of CT (C.8.15.3).
    private mutating func readSettings(_ groups: Dataset) {
        if let timing = groups.item(.mrTimingSequence) {
            flipAngle = timing.number(.flipAngle)
            moment.settings.repetitionTime = timing.number(.repetitionTime)
        }
        func text(_ sequence: Tag, _ tag: Tag) -> String? {
            groups.item(sequence)?.text(tag).flatMap { $0.isEmpty ? nil : $0 }
        }
        moment.settings.inversionTime = groups.item(.mrModifierSequence)?.number(.inversionTimes)
        moment.settings.tubeVoltage = groups.item(.ctXRayDetailsSequence)?.number(.kvp)
        moment.settings.sliceThickness = thickness
        moment.settings.kernel = text(.ctReconstructionSequence, .convolutionKernel)
        moment.settings.receiveCoil = text(.mrReceiveCoilSequence, .receiveCoilName)
    }

    /// A frame's own values, completed by the shared ones.
    func over(_ shared: FrameAttributes) -> FrameAttributes {
        FrameAttributes(
            position: position ?? shared.position, orientation: orientation ?? shared.orientation,
            spacing: spacing ?? shared.spacing, thickness: thickness ?? shared.thickness,
            spacingBetweenSlices: spacingBetweenSlices ?? shared.spacingBetweenSlices,
            rescale: rescale ?? shared.rescale, unit: unit ?? shared.unit, echoTime: echoTime ?? shared.echoTime,
            flipAngle: flipAngle ?? shared.flipAngle, type: type ?? shared.type, stackID: stackID ?? shared.stackID,
            segment: segment ?? shared.segment,
            moment: moment.over(shared.moment))
    }
}
