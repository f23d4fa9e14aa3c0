import Pipelines
import Volumes

/// The sidecar of an item: where its outputs come from and everything that was done, enough to do it again.
struct Provenance {
    let item: Item
    /// The pipeline with every default filled in, and its digest.
    let pipeline: JSONValue
    let pipelineDigest: String
    let seed: UInt64

    var json: JSONValue {
        let geometry = item.volume.geometry
        let shape = item.volume.shape
        return [
            "item": .string(item.name),
            "generatedBy": ["name": "hilum", "version": .string(hilumVersion)],
            "notice": "Research software. Not for clinical use.",
            "sources": .array(
                item.source.inputs.map { input in
                    .object([.init("path", .string(input.path)), .init(digestName, .string(input.digest))])
                }),
            "format": .string(item.source.format),
            "pipeline": [
                "name": pipeline["name"] ?? .null, "sha256": .string(pipelineDigest),
                "input": pipeline["input"] ?? .null, "outputs": outputs,
                "variants": pipeline["variants"] ?? .null,
            ],
            "variant": .integer(item.variant?.number ?? 1),
            "seed": .integer(Int(truncatingIfNeeded: seed)),
            "stages": item.history.json,
            "model": item.findings.map { ["name": .string($0.model), "sha256": .string($0.modelDigest)] } ?? .null,
            "volume": [
                "shape": [
                    .integer(shape.channels), .integer(shape.depth), .integer(shape.height), .integer(shape.width),
                ],
                "layout": "channels, depth, height, width",
                "channels": item.volume.attributes.channelAxis.json,
                "affineLPS": geometry.isPhysical
                    ? .array(geometry.affine.map { .array($0.map { .number($0) }) }) : .null,
                "unit": item.volume.attributes.unit.map { .string($0) } ?? .null,
                "sliceSources": .array(
                    item.volume.attributes.sliceSources.map { .string($0.text) }),
            ],
            "boxes": .array(item.boxes.map(json(of:))),
            "masks": .array(item.masks.keys.sorted().map { .string($0) }),
            "warnings": .array(
                item.warnings.map { ["code": .string($0.code), "message": .string($0.message)] }),
        ]
    }

    /// On voxel edges of the tensor: `[x0, y0, z0, x1, y1, z1]`.
    private func json(of labeled: LabeledBox) -> JSONValue {
        let (lower, upper) = (labeled.box.lower, labeled.box.upper)
        return [
            "label": .string(labeled.label),
            "box": .array([lower.x, lower.y, lower.z, upper.x, upper.y, upper.z].map { .number($0) }),
        ]
    }

    /// A list: readers of JSON do not tell in which order members stood, and the digest depends on it.
    private var outputs: JSONValue {
        guard case .object(let members)? = pipeline["outputs"] else { return [] }
        return .array(members.map { .object([$0]) })
    }

    private var digestName: String { item.source.isConcealed ? "keyedDigest" : "xxh128" }
}

/// Part of resume keys and sidecars.
public let hilumVersion = "0.1.0"
