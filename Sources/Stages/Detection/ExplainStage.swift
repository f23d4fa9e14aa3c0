import Networks
public import Pipelines
import Volumes

/// `- explain: { method: hirescam }`
public struct ExplainStage: Stage {
    public static let name = "explain"
    public static let summary = "Show why: one heatmap for each finding, from the gradient of that box's own score."
    public static let requires: Set<Kind> = [.findings]
    public static let produces: Set<Kind> = [.heatmaps]
    public static let parameters: [Parameter<ExplainStage>] = [
        .choice("method", \.method, "How the map is made."),
        .choice(
            "layer", \.layer,
            "Where the CAM methods read; by default where the method measured best, see the model's card."),
        .integer("maxFindings", \.maxFindings, in: 1...1000, "Findings that get a map, by score."),
    ]

    var method = ExplanationMethod.preferred
    var layer: ExplanationLayer?
    var maxFindings = 10

    public init() {}

    public func run(_ item: inout Item, _ context: StageContext) throws {
        let detector = try ModelLibrary.model(named: item.detectorModel).detector
        let findings = item.findings?.findings ?? []
        for (index, finding) in findings.prefix(maxFindings).enumerated() {
            if Interruption.isRequested { throw CancellationError() }
            guard let slice = item.sliceDetections.first(where: { $0.slice == finding.keySlice }),
                let box = slice.boxes.firstIndex(of: finding.keyBox)
            else { continue }
            let target = Detections(boxes: [slice.detections.boxes[box]], abnormality: slice.detections.abnormality)
            try explain(&item, detector, slice: finding.keySlice, target, finding: index)
        }
        if findings.isEmpty, let slice = mostAbnormalSlice(item) {
            // Nothing was found: the map of the whole image says what the abnormality score rests on.
            let target = Detections(boxes: [], abnormality: slice.detections.abnormality)
            try explain(&item, detector, slice: slice.slice, target, finding: nil)
        }
    }

    private func explain(
        _ item: inout Item, _ detector: Detector, slice: Int, _ target: Detections, finding: Int?
    ) throws {
        let view = try NetworkView(item.volume, slice: slice, side: detector.configuration.inputSize)
        guard let extent = view.extent(slice: slice) else { return }
        for grid in try detector.explain(view.image, detections: target, method: method, layer: layer) {
            item.heatmaps.append(
                Heatmap(
                    method: method.rawValue, finding: finding, slice: slice, values: grid.values,
                    height: grid.height, width: grid.width, extent: extent))
        }
    }

    private func mostAbnormalSlice(_ item: Item) -> SliceDetections? {
        item.sliceDetections.max { $0.detections.abnormality < $1.detections.abnormality }
    }
}
