import DICOM
import Pipelines
import Volumes

/// The JSON beside a converted image: how it was acquired, in the words of BIDS and dcm2niix, and which file became
/// which slice.
struct ConversionSidecar {
    let item: Item

    /// - Throws: `DICOMError` when the header of the series cannot be read any more.
    func json() throws(DICOMError) -> JSONValue {
        var result: JSONValue = .object([])
        if let series = item.source.series {
            for (name, value) in try AcquisitionFields(series).fields { result.set(name, json(value)) }
        }
        let attributes = item.volume.attributes
        if let unit = attributes.unit { result.set("Units", .string(unit)) }
        if attributes.polarity == .brightIsLow { result.set("PhotometricInterpretation", "MONOCHROME1") }
        if !attributes.realWorldValues.isEmpty {
            result.set("RealWorldValues", .array(attributes.realWorldValues.map(json)))
        }
        if case .diffusion(let bValues, _) = attributes.channelAxis {
            result.set("BValues", .array(bValues.map { .number($0) }))
        }
        if attributes.channelAxis != .none, attributes.channelAxis != .color {
            result.set("Channels", attributes.channelAxis.json)
        }
        result.set("ConversionSoftware", "hilum")
        result.set("ConversionSoftwareVersion", .string(hilumVersion))
        result.set("GeneratedBy", [["Name": "hilum", "Version": .string(hilumVersion)]])
        result.set("Sources", .array(item.source.inputs.map { .string($0.path) }))
        result.set("SourcesXXH128", .array(item.source.inputs.map { .string($0.digest) }))
        if !attributes.sliceSources.isEmpty {
            result.set("SliceSources", .array(attributes.sliceSources.map { .string($0.text) }))
        }
        result.set("Shape", .array(sizes.map { .integer($0) }))
        if item.volume.geometry.isPhysical {
            result.set("AffineLPS", .array(item.volume.geometry.affine.map { .array($0.map { .number($0) }) }))
        }
        result.set(
            "Warnings", .array(item.warnings.map { ["Code": .string($0.code), "Message": .string($0.message)] }))
        result.set("Notice", "Research software. Not for clinical use.")
        return result
    }

    /// Channels, depth, height, width.
    private var sizes: [Int] {
        let shape = item.volume.shape
        return [shape.channels, shape.depth, shape.height, shape.width]
    }

    /// What stored values could mean beside their unit; noted, never applied (PS3.3 C.7.6.16.2.11).
    private func json(_ value: RealWorldValue) -> JSONValue {
        [
            "Slope": .number(value.slope), "Intercept": .number(value.intercept),
            "UnitCode": value.unitCode.map { .string($0) } ?? .null,
        ]
    }

    private func json(_ value: AcquisitionFields.Value) -> JSONValue {
        switch value {
        case .text(let text): .string(text)
        case .number(let number): .number(number)
        case .texts(let texts): .array(texts.map { .string($0) })
        case .numbers(let numbers): .array(numbers.map { .number($0) })
        }
    }
}

extension SliceSource {
    /// SOP Instance UID, with "#" and the frame's number from 1 in multi-frame objects.
    var text: String { frame.map { "\(sopInstanceUID)#\($0)" } ?? sopInstanceUID }
}
