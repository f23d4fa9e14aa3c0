import Networks
public import Pipelines
import Transforms
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
        // One pass through the network explains all findings of a slice.
        var asked: [Int: [(finding: Int, box: Detection)]] = [:]
        for (index, finding) in findings.prefix(maxFindings).enumerated() {
            guard let slice = item.sliceDetections.first(where: { $0.slice == finding.keySlice }),
                let box = slice.boxes.firstIndex(of: finding.keyBox)
            else { continue }
            asked[finding.keySlice, default: []].append((index, slice.detections.boxes[box]))
        }
        var maps: [(finding: Int, map: Heatmap)] = []
        for (slice, targets) in asked.sorted(by: { $0.key < $1.key }) {
            if Interruption.isRequested { throw CancellationError() }
            let abnormality = item.sliceDetections.first { $0.slice == slice }?.detections.abnormality ?? 0
            let found = try explain(
                item, detector, slice: slice, Detections(boxes: targets.map(\.box), abnormality: abnormality),
                findings: targets.map(\.finding), context)
            maps += zip(targets, found).map { ($0.finding, $1) }
        }
        item.heatmaps += maps.sorted { $0.finding < $1.finding }.map(\.map)
        if findings.isEmpty, let slice = mostAbnormalSlice(item) {
            // Nothing was found: the map of the whole image says what the abnormality score rests on.
            let target = Detections(boxes: [], abnormality: slice.detections.abnormality)
            item.heatmaps += try explain(item, detector, slice: slice.slice, target, findings: [nil], context)
        }
    }

    /// One map a finding, in their order; none where the slice cannot be placed.
    private func explain(
        _ item: Item, _ detector: Detector, slice: Int, _ targets: Detections, findings: [Int?], _ context: StageContext
    ) throws -> [Heatmap] {
        let view = try NetworkView(item.volume, slice: slice, side: detector.configuration.inputSize)
        guard item.sliceDetections.contains(where: { $0.slice == slice && $0.imageHash == view.imageHash }) else {
            throw TransformError(
                .invalidOption,
                "the image was changed after detect, so this would explain another one; put explain behind detect")
        }
        guard let extent = view.extent(slice: slice) else { return [] }
        let grids = try detector.explain(
            view.image, detections: targets, method: method, layer: layer, workers: context.workers)
        return zip(findings, grids).map { finding, grid in
            Heatmap(
                method: method.rawValue, finding: finding, slice: slice, values: grid.values, height: grid.height,
                width: grid.width, extent: extent)
        }
    }

    private func mostAbnormalSlice(_ item: Item) -> SliceDetections? {
        item.sliceDetections.max { $0.detections.abnormality < $1.detections.abnormality }
    }
}
