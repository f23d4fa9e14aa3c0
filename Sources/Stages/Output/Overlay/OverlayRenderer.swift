import Volumes

/// Draws one slice with what was found in it: the image in grey, heatmaps with opacity following their strength,
/// boxes with label and score, a colour bar, and the reminder that this is research.
struct OverlayRenderer {
    /// Colours that stay apart for people with colour-vision deficiency (Okabe and Ito), one a finding.
    private static let boxColors: [Canvas.Color] = [
        .init(red: 86, green: 180, blue: 233), .init(red: 0, green: 158, blue: 115),
        .init(red: 240, green: 228, blue: 66), .init(red: 204, green: 121, blue: 167),
        .init(red: 213, green: 94, blue: 0),
    ]
    private static let barWidth = 76
    private static let captionHeight = 64
    /// The shorter side of the drawn image has at least this many pixels, so that text never covers it.
    private static let minimumSide = 640

    let volume: Volume
    let slice: Int
    /// Findings with a box in this slice, with their index.
    let findings: [(index: Int, finding: Finding)]
    let heatmaps: [Heatmap]
    let abnormality: Double?

    /// Voxels are taken as brightness in [0, 1]; images that are not are spread between their extremes.
    func render() -> Canvas {
        let (width, height) = (volume.shape.width, volume.shape.height)
        let aspect = pixelAspect
        let scale = max(1, Double(Self.minimumSide) / min(Double(width), Double(height) * aspect))
        let drawn = (
            width: Int((Double(width) * scale).rounded()), height: Int((Double(height) * aspect * scale).rounded())
        )
        let step = (x: Double(drawn.width) / Double(width), y: Double(drawn.height) / Double(height))
        var canvas = Canvas(
            width: drawn.width + (heatmaps.isEmpty ? 0 : Self.barWidth), height: drawn.height + Self.captionHeight)

        let gray = brightness()
        for y in 0..<drawn.height {
            for x in 0..<drawn.width {
                let (column, row) = ((Double(x) + 0.5) / step.x, (Double(y) + 0.5) / step.y)
                let level = UInt8((255 * sample(gray, width, height, column, row)).rounded())
                canvas.blend(Canvas.Color(red: level, green: level, blue: level), opacity: 1, x: x, y: y)
                let heat = heatmaps.reduce(0) { max($0, strength($1, column, row)) }
                // Weak places stay clear, so that the anatomy under them can be read.
                canvas.blend(ColorMap.color(heat), opacity: 0.65 * smooth(heat), x: x, y: y)
            }
        }
        for (index, finding) in findings { draw(finding, index, step, on: &canvas, limit: drawn) }
        if !heatmaps.isEmpty { drawColorBar(on: &canvas, drawn) }
        drawCaption(on: &canvas, drawn)
        return canvas
    }

    /// Height of a pixel over its width, in the patient.
    private var pixelAspect: Double {
        guard volume.geometry.isPhysical else { return 1 }
        let ratio = volume.geometry.spacing.y / volume.geometry.spacing.x
        return ratio.isFinite && (0.05...20).contains(ratio) ? ratio : 1
    }

    private func brightness() -> [Float] {
        let channels = (0..<min(volume.shape.channels, 3)).map { Array(volume.slice(slice, channel: $0)) }
        var values = channels[0]
        if channels.count == 3 {
            for index in values.indices {
                values[index] = 0.299 * channels[0][index] + 0.587 * channels[1][index] + 0.114 * channels[2][index]
            }
        }
        let (least, greatest) = (values.min() ?? 0, values.max() ?? 1)
        let isUnit = least >= 0 && greatest <= 1
        let (low, range) = isUnit ? (0, 1) : (least, max(greatest - least, .leastNormalMagnitude))
        return values.map { min(max(($0 - low) / range, 0), 1) }
    }

    /// Bilinear, edge-aligned: pixel `i` has its centre at `i + 1/2`; beyond the centres the edge is repeated.
    private func sample(_ values: [Float], _ width: Int, _ height: Int, _ x: Double, _ y: Double) -> Double {
        let (u, v) = (min(max(x - 0.5, 0), Double(width - 1)), min(max(y - 0.5, 0), Double(height - 1)))
        let (left, top) = (Int(u), Int(v))
        let (right, bottom) = (min(left + 1, width - 1), min(top + 1, height - 1))
        let (a, b) = (u - Double(left), v - Double(top))
        func value(_ row: Int, _ column: Int) -> Double { Double(values[row * width + column]) }
        return (value(top, left) * (1 - a) + value(top, right) * a) * (1 - b)
            + (value(bottom, left) * (1 - a) + value(bottom, right) * a) * b
    }

    private func strength(_ map: Heatmap, _ x: Double, _ y: Double) -> Double {
        let column = (x - map.extent.lower.x) / map.extent.size.x * Double(map.width)
        let row = (y - map.extent.lower.y) / map.extent.size.y * Double(map.height)
        return sample(map.values, map.width, map.height, column, row)
    }

    /// 0 below a tenth, rising smoothly to 1 at two thirds.
    private func smooth(_ value: Double) -> Double {
        let t = min(max((value - 0.1) / 0.55, 0), 1)
        return t * t * (3 - 2 * t)
    }

    private func draw(
        _ finding: Finding, _ index: Int, _ step: (x: Double, y: Double), on canvas: inout Canvas,
        limit: (width: Int, height: Int)
    ) {
        let box = finding.keyBox.clipped(to: volume.shape)
        func pixel(_ value: Double, _ step: Double, _ limit: Int) -> Int {
            min(max(Int((value * step).rounded()), 0), limit)
        }
        let x =
            pixel(
                box.lower.x, step.x, limit.width)..<max(
                pixel(box.upper.x, step.x, limit.width), pixel(box.lower.x, step.x, limit.width) + 1)
        let y =
            pixel(
                box.lower.y, step.y, limit.height)..<max(
                pixel(box.upper.y, step.y, limit.height), pixel(box.lower.y, step.y, limit.height) + 1)
        let color = Self.boxColors[index % Self.boxColors.count]
        // A dark rim on both sides keeps the line readable on bright tissue.
        canvas.stroke(
            .black, x: x.lowerBound - 2..<x.upperBound + 2, y: y.lowerBound - 2..<y.upperBound + 2, thickness: 7)
        canvas.stroke(color, x: x, y: y, thickness: 3)

        let label = "\(index + 1) \(finding.label) \(percent(finding.score)) \(finding.confidence.abbreviation)"
        let size = (width: Canvas.textWidth(label) + 12, height: Canvas.textHeight + 4)
        let left = min(max(x.lowerBound - 2, 0), max(limit.width - size.width, 0))
        let above = y.lowerBound - 2 - size.height
        let top = above >= 0 ? above : min(y.upperBound + 2, limit.height - size.height)
        canvas.fill(.black, opacity: 0.85, x: left..<left + size.width, y: top..<top + size.height)
        canvas.fill(color, x: left..<left + 4, y: top..<top + size.height)
        canvas.text(label, x: left + 8, y: top + 2, color: .white)
    }

    private func drawColorBar(on canvas: inout Canvas, _ drawn: (width: Int, height: Int)) {
        let (top, bottom) = (48, drawn.height - 24)
        for y in top..<bottom {
            let value = 1 - Double(y - top) / Double(max(bottom - top - 1, 1))
            canvas.fill(ColorMap.color(value), x: drawn.width + 14..<drawn.width + 34, y: y..<y + 1)
        }
        canvas.stroke(.white, x: drawn.width + 13..<drawn.width + 35, y: top - 1..<bottom + 1, thickness: 1)
        for (value, text) in [(1.0, "1.0"), (0.5, "0.5"), (0.0, "0.0")] {
            let y = top + Int((1 - value) * Double(bottom - top - 1)) - Canvas.textHeight / 2
            canvas.text(text, x: drawn.width + 39, y: y, color: .white)
        }
    }

    private func drawCaption(on canvas: inout Canvas, _ drawn: (width: Int, height: Int)) {
        var parts: [String] = []
        if volume.shape.depth > 1 { parts.append("slice \(slice + 1) of \(volume.shape.depth)") }
        parts.append(
            findings.isEmpty ? "no finding" : "\(findings.count) finding\(findings.count == 1 ? "" : "s")")
        if let abnormality { parts.append("abnormality \(percent(abnormality))") }
        if findings.contains(where: { $0.finding.confidence == .manualReview }) {
            parts.append("review: " + ConfidenceBand.manualReview.rawValue)
        }
        canvas.text(parts.joined(separator: "   "), x: 10, y: drawn.height + 6, color: .white)
        let method = heatmaps.first.map { "\($0.method)   " } ?? ""
        canvas.text(
            method + "research software - not for clinical use", x: 10, y: drawn.height + 34,
            color: Canvas.Color(red: 240, green: 190, blue: 90))
    }

    private func percent(_ value: Double) -> String { "\(Int((value * 100).rounded()))%" }
}
