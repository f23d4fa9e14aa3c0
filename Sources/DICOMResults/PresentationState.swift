import DataSets
import Volumes

extension DICOMResults {
    /// Grayscale Softcopy Presentation States (PS3.3 A.33.1): the images as their header shows them, with each finding's
    /// box and caption drawn on its key image. One state has one scale of values, and so there are as many as the images
    /// with findings have rescales; one as a rule, and none where nothing was found.
    ///
    /// - Throws: `ResultError` for colour images, which such a state cannot show.
    public func presentations() throws(ResultError) -> [EncodedResult] {
        guard !stack.isColor else {
            throw ResultError("a grayscale presentation state cannot show a colour image; leave out pr")
        }
        let series = ResultSeries(
            source: source, maker: maker, modality: "PR", number: 3,
            sopClassUID: "1.2.840.10008.5.1.4.1.1.11.1")
        var scales: [[Int]] = []
        for slice in Set(findings.map(\.keySlice)).sorted() {
            if let same = scales.firstIndex(where: { stack.images[$0[0]].hasScale(of: stack.images[slice]) }) {
                scales[same].append(slice)
            } else {
                scales.append([slice])
            }
        }
        return series.files(scales.map(state))
    }

    /// - Parameter slices: of one scale.
    private func state(_ slices: [Int]) -> [DataElement] {
        let images = slices.map { stack.images[$0] }
        let elements: [DataElement] = [
            .text("ContentLabel", "FINDINGS"),
            .text("ContentDescription", "Boxes of a detector, not for clinical use"),
            .text("ContentCreatorName", ""), .text("PresentationCreationDate", source.date),
            .text("PresentationCreationTime", source.time),
            .text("PresentationLUTShape", stack.isInverted ? "INVERSE" : "IDENTITY"),
            referencedSeries(references(images), as: "ReferencedImageSequence"),
            .items("DisplayedAreaSelectionSequence", [displayedArea]),
            .items(
                "GraphicLayerSequence",
                [DataSet(of: [.text("GraphicLayer", Self.layer), .text("GraphicLayerOrder", "1")])]),
            .items("GraphicAnnotationSequence", slices.map(annotation)),
        ]
        return elements + source.bodyPart + modalityLUT(images[0]) + windows(images)
    }

    private static let layer = "FINDINGS"

    /// One item an instance, with all frames that are spoken of.
    private func references(_ images: [ResultImage]) -> [DataSet] {
        var (order, frames): ([ResultImage], [String: [Int]]) = ([], [:])
        for image in images {
            if frames[image.sopInstanceUID] == nil { order.append(image) }
            frames[image.sopInstanceUID, default: []] += image.frame.map { [$0] } ?? []
        }
        return order.map { image in
            var item = image.instance
            let numbers = frames[image.sopInstanceUID] ?? []
            if !numbers.isEmpty {
                item.set(.text("ReferencedFrameNumber", numbers.map(String.init).joined(separator: "\\")))
            }
            return item
        }
    }

    private var displayedArea: DataSet {
        var area = DataSet(of: [
            .numbers("DisplayedAreaTopLeftHandCorner", [1, 1]),
            .numbers("DisplayedAreaBottomRightHandCorner", [stack.columns, stack.rows]),
            .text("PresentationSizeMode", "SCALE TO FIT"),
        ])
        if stack.geometry.isPhysical {
            let spacing = stack.geometry.spacing
            area.set(.text("PresentationPixelSpacing", "\(decimal(spacing.y))\\\(decimal(spacing.x))"))
        } else {
            area.set(.text("PresentationPixelAspectRatio", "1\\1"))
        }
        return area
    }

    private func annotation(_ slice: Int) -> DataSet {
        let here = findings.filter { $0.keySlice == slice }
        return DataSet(of: [
            .items("ReferencedImageSequence", [stack.images[slice].reference]), .text("GraphicLayer", Self.layer),
            .items("GraphicObjectSequence", here.map(box)), .items("TextObjectSequence", here.map(caption)),
        ])
    }

    private func box(_ finding: ResultFinding) -> DataSet {
        DataSet(of: [
            .text("GraphicAnnotationUnits", "PIXEL"), .number("GraphicDimensions", 2),
            .number("NumberOfGraphicPoints", 5), .floats("GraphicData", finding.outline),
            .text("GraphicType", "POLYLINE"), .text("GraphicFilled", "N"),
        ])
    }

    /// Beside the box's upper left corner.
    private func caption(_ finding: ResultFinding) -> DataSet {
        DataSet(of: [
            .text("UnformattedTextValue", limited(finding.caption, to: 1024)),
            .text("AnchorPointAnnotationUnits", "PIXEL"),
            .floats("AnchorPoint", [finding.keyBox.lower.x, finding.keyBox.lower.y]),
            .text("AnchorPointVisibility", "N"),
        ])
    }

    /// A state without it shows stored values (PS3.4 N.2.1.1).
    private func modalityLUT(_ image: ResultImage) -> [DataElement] {
        if let table = image.modalityLUT {
            let item = DataSet(of: [.text("ModalityLUTType", "US")] + entries(table, bits: 16))
            return [.items("ModalityLUTSequence", [item])]
        }
        guard let rescale = image.rescale else { return [] }
        return [
            .text("RescaleIntercept", decimal(rescale.intercept)), .text("RescaleSlope", decimal(rescale.slope)),
            .text("RescaleType", source.modality == "CT" ? "HU" : "US"),
        ]
    }

    /// A lookup table's descriptor and its entries, a word each (PS3.3 C.11.1.1).
    private func entries(_ table: ModalityLUT, bits: Int) -> [DataElement] {
        var descriptor = DataElement.numbers(
            "LUTDescriptor", [table.values.count == 65536 ? 0 : table.values.count, table.firstMapped, bits])
        // Of signed values; the state itself has no Pixel Representation that would tell.
        if table.firstMapped < 0 { descriptor.vr = .SS }
        let data = table.values.flatMap { value in
            let word = UInt16(clamping: Int(value))
            return [UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8)]
        }
        return [descriptor, .bytes("LUTData", data, as: .OW)]
    }

    /// Softcopy VOI LUT (PS3.3 C.11.8): the header's windows, or its tables where it has no window; without any, all values
    /// are shown.
    private func windows(_ images: [ResultImage]) -> [DataElement] {
        let items = images.filter { !$0.windows.isEmpty || !$0.voiLUTs.isEmpty }.map { image in
            let reference = DataElement.items("ReferencedImageSequence", [image.reference])
            guard !image.windows.isEmpty else {
                let tables = image.voiLUTs.map { DataSet(of: entries($0.table, bits: $0.bits)) }
                return DataSet(of: [reference, .items("VOILUTSequence", tables)])
            }
            return DataSet(of: [
                reference,
                .text("WindowCenter", image.windows.map { decimal($0.center) }.joined(separator: "\\")),
                .text("WindowWidth", image.windows.map { decimal($0.width) }.joined(separator: "\\")),
                .text("VOILUTFunction", image.windows[0].function.term),
            ])
        }
        return items.isEmpty ? [] : [.items("SoftcopyVOILUTSequence", items)]
    }
}

extension VOIFunction {
    /// VOI LUT Function (0028,1056).
    fileprivate var term: String {
        switch self {
        case .linear: "LINEAR"
        case .linearExact: "LINEAR_EXACT"
        case .sigmoid: "SIGMOID"
        }
    }
}

extension ResultImage {
    fileprivate func hasScale(of other: ResultImage) -> Bool {
        rescale == other.rescale && modalityLUT == other.modalityLUT
    }
}
