import Networks
public import Pipelines
import Tensors
import Volumes

/// `- detect: { model: brain-mri-tumour, threshold: 0.4 }`
public struct DetectStage: Stage {
    public static let name = "detect"
    public static let summary = "Find lesions slice by slice with a shipped or trained model; join them across slices."
    public static let requires: Set<Kind> = [.image, .unitRange]
    public static let produces: Set<Kind> = [.findings]
    public static let parameters: [Parameter<DetectStage>] = [
        .text("model", \.model, "Name of a shipped model, or the path of a model's folder."),
        .number("threshold", \.threshold, in: 0...1, "Least score of a finding; by default the model card's."),
        .integer("every", \.every, in: 1...1000, unit: "slices", "Look at every n-th slice of a volume."),
        .integer(
            "minSlices", \.minSlices, in: 1...1000, unit: "slices",
            "Slices of a volume in which a finding must be seen; a volume with fewer slices needs all."),
        .integer("maxFindings", \.maxFindings, in: 1...1000, "Most findings kept, by score."),
    ]

    var model = "brain-mri-tumour"
    var threshold: Double?
    var every = 1
    var minSlices = 2
    var maxFindings = 20

    public init() {}

    public func mistakes() -> [String] {
        do {
            _ = try ModelLibrary.model(named: model)
            return []
        } catch {
            return ["model: \(ErrorReport(error).message)"]
        }
    }

    public var provenance: JSONValue {
        (try? ModelLibrary.model(named: model)).map {
            ["sha256": .string($0.digest), "computes": .string($0.detector.backend.description)]
        } ?? .null
    }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        let loaded = try ModelLibrary.model(named: model)
        let configuration = loaded.detector.configuration
        let asked = threshold ?? configuration.recommendedThreshold.decimal
        let least = Float(asked)
        item.history.note("threshold", .number(Double(least)))

        let depth = item.volume.shape.depth
        var slices: [SliceDetections] = []
        for slice in stride(from: depth == 1 ? 0 : min(every / 2, depth - 1), to: depth, by: every) {
            if Interruption.isRequested { throw CancellationError() }
            let view = try NetworkView(item.volume, slice: slice, side: configuration.inputSize)
            var detections = try loaded.detector.detect(
                view.image, threshold: least, workers: context.workers)
            let found = view.inFile(detections.boxes, slice: slice, of: item)
            detections.boxes = found.map(\.detection)
            slices.append(
                SliceDetections(
                    slice: slice, detections: detections, boxes: found.map(\.box), imageHash: view.imageHash))
        }
        let linker = FindingLinker(
            classes: configuration.classes, step: every, minimumSlices: min(minSlices, slices.count))
        item.sliceDetections = slices
        let found = linker.findings(in: slices)
        if found.count > maxFindings {
            item.warn(
                "findings-cut",
                "the \(maxFindings) surest of \(found.count) findings are kept; maxFindings of detect sets how many")
        }
        item.findings = Findings(
            findings: Array(found.prefix(maxFindings)), classes: configuration.classes, threshold: asked,
            count: found.count,
            abnormality: slices.map { Double($0.detections.abnormality) }.max(), model: configuration.name,
            modelDigest: loaded.digest)
        item.detectorModel = model
    }
}
