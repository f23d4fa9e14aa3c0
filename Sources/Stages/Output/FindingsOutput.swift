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
    return [
        "study_id": .string(item.name),
        "notice": "Research software. Not for clinical use.",
        "model": [
            "name": .string(item.findings?.model ?? ""), "digest": .string(item.findings?.modelDigest ?? ""),
        ],
        "threshold": item.findings?.threshold.map { .number($0) } ?? .null,
        "found": .integer(item.findings?.count ?? 0),
        "abnormality": item.findings?.abnormality.map { .number($0.roundedChance) } ?? .null,
        "coordinates": [
            "box": "voxel edges of the input file: [x0, y0, z0, x1, y1, z1], x along columns, z along slices from 0",
            "center_mm": item.source.isPlaced ? "patient coordinates, LPS millimetres" : .null,
        ],
        "findings": .array(findings.enumerated().map { json(of: $0.element, $0.offset, item) }),
    ]
}

private func json(of finding: Finding, _ index: Int, _ item: Item) -> JSONValue {
    let (here, file) = (item.volume.geometry, item.source.geometry)
    let place = FindingPlace(finding, in: item)
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
