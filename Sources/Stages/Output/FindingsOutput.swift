import DICOM
import Pipelines
import Transforms
import Volumes

extension Output<Item> {
    /// `findings: json`: what was found, on the grid of the file as it was and in patient coordinates.
    static let findings = Output(
        name: "findings", summary: "What was found: class, place, size in mm, calibrated confidence.",
        formats: ["json"], requires: [.findings]
    ) { item, _, _ in
        [OutputFile(suffix: ".findings.json", text: findingsJSON(item).text(indented: true) + "\n")]
    }
}

func findingsJSON(_ item: Item) -> JSONValue {
    let findings = item.findings?.findings ?? []
    let series = item.source.series
    // Of slices that were interpolated, and of tiles of a mosaic, there are none.
    let images = series.flatMap { try? SeriesReader.images(of: $0, options: item.source.seriesOptions) } ?? []
    return [
        "study_id": .string(item.name),
        "study_instance_uid": uid(series?.key.studyInstanceUID, item),
        "series_instance_uid": uid(series?.key.seriesInstanceUID, item),
        "notice": "Research software. Not for clinical use.",
        "model": [
            "name": .string(item.findings?.model ?? ""), "digest": .string(item.findings?.modelDigest ?? ""),
        ],
        "classes": .array((item.findings?.classes ?? []).map { .string($0) }),
        "threshold": item.findings?.threshold.map { .number($0) } ?? .null,
        "found": .integer(item.findings?.count ?? 0),
        "abnormality": item.findings?.abnormality.map { .number($0.roundedChance) } ?? .null,
        "coordinates": [
            "box": "voxel edges of the input file: [x0, y0, z0, x1, y1, z1], x along columns, z along slices from 0",
            "center_mm": item.source.isPlaced ? "patient coordinates, LPS millimetres" : .null,
        ],
        "findings": .array(findings.enumerated().map { json(of: $0.element, $0.offset, item, images) }),
    ]
}

/// As the released files and the DICOM results have it; null where there is none.
private func uid(_ original: String?, _ item: Item) -> JSONValue {
    original.flatMap(item.source.releasedUID).map { .string($0) } ?? .null
}

/// - Parameter images: behind the slices of the file; empty where slices are none.
private func json(of finding: Finding, _ index: Int, _ item: Item, _ images: [SliceImage]) -> JSONValue {
    let (here, file) = (item.volume.geometry, item.source.geometry)
    let place = FindingPlace(finding, in: item)
    let keyImage = place.flatMap { images.indices.contains($0.keySlice) ? images[$0.keySlice] : nil }
    // Of the file's own space, which is another one once the image was registered.
    let steps = here.steps.map { item.source.patient.linear($0).length }
    let sizes = (0..<3).map { axis -> JSONValue in
        // Along the normal of a picture without thickness nothing is known.
        let isAcross = abs(here.steps[axis].dot(file.direction[2])) > here.steps[axis].length / 2
        return isAcross && !item.source.hasDepth
            ? .null : .number(rounded(finding.box.size[axis] * steps[axis], 1))
    }
    let center = item.source.patient(here.position(ofIndex: finding.box.center - 0.5))
    return [
        "lesion_id": .integer(index + 1),
        "type": .string(finding.label),
        "location": [
            "box": (place?.box).map {
                numbers([$0.lower.x, $0.lower.y, $0.lower.z, $0.upper.x, $0.upper.y, $0.upper.z], 2)
            } ?? .null,
            "key_slice": place.map { .integer($0.keySlice) } ?? .null,
            "key_instance": keyImage.map { image in
                [
                    "sop_instance_uid": uid(image.header.sopInstanceUID, item),
                    "frame": image.header.frames > 1 ? .integer(image.frame + 1) : .null,
                ]
            } ?? .null,
            "center_mm": item.source.isPlaced ? numbers([center.x, center.y, center.z], 2) : .null,
        ],
        "size_mm": file.isPhysical ? .array(sizes) : .null,
        // No shipped model grades severity; the key is there for those that will.
        "severity_grade": .null,
        "confidence": .number(ConfidenceBand.rounded(finding.score)),
        "confidence_band": .string(finding.confidence.rawValue),
        "class_probabilities": .array(finding.probabilities.map { .number(ConfidenceBand.rounded($0)) }),
    ]
}

private func numbers(_ values: [Double], _ digits: Int) -> JSONValue {
    .array(values.map { .number(rounded($0, digits)) })
}

private func rounded(_ value: Double, _ digits: Int) -> Double {
    let scale = [1, 10, 100][digits]
    return (value * Double(scale)).rounded() / Double(scale)
}
