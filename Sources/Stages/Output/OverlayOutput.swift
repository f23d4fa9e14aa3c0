import PNG
import Pipelines
import Volumes

extension Output<Item> {
    /// `overlays: png`: one picture for each slice that holds a finding's strongest box, at most eight; without
    /// findings the slice that was explained, or the middle one.
    static let overlays = Output(
        name: "overlays", summary: "Pictures of the findings: image, heatmap, boxes with scores, colour bar.",
        formats: ["png"], requires: [.image, .findings]
    ) { item, _, _ in
        try overlayPictures(of: item).enumerated().map { number, overlay in
            let canvas = overlay.canvas
            return OutputFile(
                suffix: ".overlay-\(number + 1).png",
                bytes: try PNGFile.encode(
                    width: canvas.width, height: canvas.height, channels: 3, bytes: canvas.pixels))
        }
    }
}

/// The pictures of an item's findings, each with the slice that it shows.
func overlayPictures(of item: Item) -> [(slice: Int, canvas: Canvas)] {
    let findings = item.findings?.findings ?? []
    var slices: [Int] = []
    for finding in findings where !slices.contains(finding.keySlice) { slices.append(finding.keySlice) }
    if slices.isEmpty { slices = [item.heatmaps.first?.slice ?? item.volume.shape.depth / 2] }
    return slices.prefix(8).map { slice in
        let renderer = OverlayRenderer(
            volume: item.volume, slice: slice,
            findings: findings.enumerated().filter { $0.element.keySlice == slice }.map { ($0.offset, $0.element) },
            heatmaps: item.heatmaps.filter { $0.slice == slice }, abnormality: item.findings?.abnormality)
        return (slice, renderer.render())
    }
}
