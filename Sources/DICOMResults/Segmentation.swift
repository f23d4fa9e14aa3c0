import DataSets
import Volumes

extension DICOMResults {
    /// A binary Segmentation (PS3.3 A.51): a segment for each finding, its box in every slice that it spans. A box is what
    /// the model gives; the description says so, lest it pass for an outline.
    ///
    /// - Returns: nil where nothing was found: an object without segments cannot be.
    /// - Throws: `ResultError` for more pixels than an element has room for.
    public func segmentation() throws(ResultError) -> EncodedResult? {
        let frames = findings.indices.flatMap(frames)
        guard !frames.isEmpty else { return nil }
        guard frames.count * stack.rows * stack.columns / 8 < Int(UInt32.max) - 2 else {
            throw ResultError(
                "a segmentation of \(findings.count) findings would have \(frames.count) frames, more than the 4 GiB "
                    + "that a DICOM object can hold of pixels; raise the threshold of the model, or leave out seg")
        }
        let series = ResultSeries(
            source: source, maker: maker, modality: "SEG", number: 2, sopClassUID: "1.2.840.10008.5.1.4.1.1.66.4")
        let image: [DataElement] = [
            .text("ImageType", "DERIVED\\PRIMARY"), .text("ContentLabel", "FINDINGS"),
            .text("ContentDescription", "Boxes of a detector, not for clinical use"),
            .text("ContentCreatorName", ""), .text("ContentDate", source.date), .text("ContentTime", source.time),
            .text("LossyImageCompression", "00"), .text("SegmentationType", "BINARY"),
            .number("SamplesPerPixel", 1), .text("PhotometricInterpretation", "MONOCHROME2"),
            .number("Rows", stack.rows), .number("Columns", stack.columns), .number("BitsAllocated", 1),
            .number("BitsStored", 1), .number("HighBit", 0), .number("PixelRepresentation", 0),
            .text("NumberOfFrames", "\(frames.count)"), Code.ownSchemeIdentification,
            .items("SegmentSequence", findings.enumerated().map(segment)),
            .items("SharedFunctionalGroupsSequence", [sharedGroups]),
            .items("PerFrameFunctionalGroupsSequence", frames.map(groups)),
            .bytes("PixelData", packed(frames), as: .OB),
            referencedSeries(stack.instances, as: "ReferencedInstanceSequence"),
        ]
        let place = isPlaced ? source.frameOfReference : [.text("PatientOrientation", "")]
        return series.files([image + dimensions + place])[0]
    }

    /// Whether frames have a place in the patient; otherwise they lie on their images and nowhere else.
    private var isPlaced: Bool {
        stack.images.allSatisfy { $0.position != nil } && stack.geometry.isPhysical && !source.frameOfReference.isEmpty
    }

    private struct Frame {
        let finding: Int
        let slice: Int
        let columns: Range<Int>
        let rows: Range<Int>
    }

    /// Pixels whose centres lie in the box, slice by slice.
    private func frames(_ index: Int) -> [Frame] {
        let box = findings[index].box
        func inside(_ axis: Int, _ count: Int) -> Range<Int> {
            let first = min(max(Int(clamping: (box.lower[axis] - 0.5).rounded(.up)), 0), count)
            return first..<max(first, min(Int(clamping: (box.upper[axis] + 0.5).rounded(.down)), count))
        }
        let (columns, rows) = (inside(0, stack.columns), inside(1, stack.rows))
        guard !columns.isEmpty, !rows.isEmpty else { return [] }
        // A box between two slices still has its key slice.
        let slices = inside(2, stack.images.count)
        let all = slices.isEmpty ? findings[index].keySlice..<findings[index].keySlice + 1 : slices
        return all.map { Frame(finding: index, slice: $0, columns: columns, rows: rows) }
    }

    private func segment(_ index: Int, _ finding: ResultFinding) -> DataSet {
        DataSet(of: [
            .number("SegmentNumber", index + 1), .text("SegmentLabel", limited(finding.caption, to: 64)),
            .text("SegmentDescription", "The box that the detector gives, not an outline"),
            .text("SegmentAlgorithmType", "AUTOMATIC"), .text("SegmentAlgorithmName", limited(maker.model, to: 64)),
            .items("SegmentedPropertyCategoryCodeSequence", [Code.abnormalStructure.item]),
            .items("SegmentedPropertyTypeCodeSequence", [Code.finding(finding.label).item]),
            .text("TrackingID", "finding \(index + 1)"), .text("TrackingUID", trackingUID(finding)),
        ])
    }

    /// Frames are told apart by segment and, in the patient, by position (PS3.3 C.7.6.17).
    private var dimensions: [DataElement] {
        let organisation = trackingUID(findings[0]) + ".1"
        func index(_ pointer: String, in group: String) -> DataSet {
            DataSet(of: [
                .text("DimensionOrganizationUID", organisation), .tag("DimensionIndexPointer", of: pointer),
                .tag("FunctionalGroupPointer", of: group), .text("DimensionDescriptionLabel", pointer),
            ])
        }
        let bySegment = index("ReferencedSegmentNumber", in: "SegmentIdentificationSequence")
        let byPlace =
            isPlaced
            ? index("ImagePositionPatient", in: "PlanePositionSequence")
            : index("InStackPositionNumber", in: "FrameContentSequence")
        return [
            .items(
                "DimensionOrganizationSequence", [DataSet(of: [.text("DimensionOrganizationUID", organisation)])]),
            .items("DimensionIndexSequence", [bySegment, byPlace]),
        ]
    }

    /// What all frames share: their size and direction in the patient. Frames without a place have their images' own.
    private var sharedGroups: DataSet {
        guard isPlaced else { return DataSet() }
        let (geometry, direction) = (stack.geometry, stack.geometry.direction)
        // Along the normal: where the gantry was tilted, slices step sideways too.
        let distance = decimal(abs(geometry.steps[2].dot(direction[0].cross(direction[1]))))
        let measures = DataSet(of: [
            .text("PixelSpacing", "\(decimal(geometry.spacing.y))\\\(decimal(geometry.spacing.x))"),
            .text("SliceThickness", distance), .text("SpacingBetweenSlices", distance),
        ])
        let cosines = [direction[0], direction[1]].flatMap { [$0.x, $0.y, $0.z] }.map(decimal)
        let orientation = DataSet(of: [.text("ImageOrientationPatient", cosines.joined(separator: "\\"))])
        return DataSet(of: [
            .items("PixelMeasuresSequence", [measures]), .items("PlaneOrientationSequence", [orientation]),
        ])
    }

    private func groups(_ frame: Frame) -> DataSet {
        var content = DataSet(of: [.numbers("DimensionIndexValues", [frame.finding + 1, frame.slice + 1])])
        if !isPlaced {
            content.add([.text("StackID", "1"), .number("InStackPositionNumber", frame.slice + 1)])
        }
        var source = stack.images[frame.slice].reference
        source.add([
            .text("SpatialLocationsPreserved", "YES"),
            .items(
                "PurposeOfReferenceCodeSequence",
                [Code.dcm("121322", "Source Image for Image Processing Operation").item]),
        ])
        let derivation = DataSet(of: [
            .items("SourceImageSequence", [source]),
            .items("DerivationCodeSequence", [Code.dcm("113076", "Segmentation").item]),
        ])
        var groups = DataSet(of: [
            .items("FrameContentSequence", [content]), .items("DerivationImageSequence", [derivation]),
            .items(
                "SegmentIdentificationSequence",
                [DataSet(of: [.number("ReferencedSegmentNumber", frame.finding + 1)])]),
        ])
        if isPlaced, let place = stack.images[frame.slice].position {
            let position = [place.x, place.y, place.z].map(decimal).joined(separator: "\\")
            groups.set(
                .items("PlanePositionSequence", [DataSet(of: [.text("ImagePositionPatient", position)])]))
        }
        return groups
    }

    /// A bit a pixel, the first in the lowest of each byte, frame after frame without a gap (PS3.5 8.1.1).
    private func packed(_ frames: [Frame]) -> [UInt8] {
        let plane = stack.rows * stack.columns
        var bytes = [UInt8](repeating: 0, count: (frames.count * plane + 15) / 16 * 2)
        for (number, frame) in frames.enumerated() {
            for row in frame.rows {
                let start = number * plane + row * stack.columns
                for bit in start + frame.columns.lowerBound..<start + frame.columns.upperBound {
                    bytes[bit >> 3] |= 1 << UInt8(bit & 7)
                }
            }
        }
        return bytes
    }
}
