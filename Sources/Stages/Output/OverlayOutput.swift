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
            try picture(overlay.canvas, suffix: ".overlay-\(number + 1).png")
        }
    }

    /// `heatmaps: png`: one picture for each map, with the number of its finding.
    static let heatmaps = Output(
        name: "heatmaps",
        summary: "Pictures of the heatmaps, each finding's alone; of the whole image where none was found.",
        formats: ["png"], requires: [.image, .findings, .heatmaps]
    ) { item, _, _ in
        try item.heatmaps.map { map in
            let overlay = OverlayRenderer(item, slice: map.slice, findings: map.finding.map { [$0] } ?? [], [map])
            return try picture(overlay.render(), suffix: ".heatmap\(map.finding.map { "-\($0 + 1)" } ?? "").png")
        }
    }
}

private func picture(_ canvas: Canvas, suffix: String) throws -> OutputFile {
    OutputFile(
        suffix: suffix,
        bytes: try PNGFile.encode(width: canvas.width, height: canvas.height, channels: 3, bytes: canvas.pixels))
}

/// The pictures of an item's findings, each with the slice that it shows.
func overlayPictures(of item: Item) -> [(slice: Int, canvas: Canvas)] {
    overlays(of: item).map { ($0.slice, $0.render()) }
}

/// What to draw: a finding is in each picture whose slice it crosses.
func overlays(of item: Item) -> [OverlayRenderer] {
    let findings = item.findings?.findings ?? []
    var slices: [Int] = []
    for finding in findings where !slices.contains(finding.keySlice) { slices.append(finding.keySlice) }
    if slices.isEmpty { slices = [item.heatmaps.first?.slice ?? item.volume.shape.depth / 2] }
    return slices.prefix(8).map { slice in
        let crossing = findings.indices.filter { index in
            findings[index].keySlice == slice
                || (findings[index].box.lower.z...findings[index].box.upper.z).contains(Double(slice) + 0.5)
        }
        return OverlayRenderer(
            item, slice: slice, findings: crossing, item.heatmaps.filter { $0.slice == slice })
    }
}
