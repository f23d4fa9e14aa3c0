import Volumes

/// Draws one slice with what was found in it: the image in grey, heatmaps with opacity following their strength,
/// boxes with label and score, a colour bar, and the reminder that this is research.
struct OverlayRenderer {
    private static let barWidth = 100
    private static let lineHeight = 28
    /// The shorter side of the drawn image has at least this many pixels, so that text never covers it.
    private static let minimumSide = 640

    let volume: Volume
    let slice: Int
    let boxes: [OverlayBox]
    let heatmaps: [Heatmap]
    let caption: OverlayCaption

    /// - Parameter findings: indices of those to draw.
    init(_ item: Item, slice: Int, findings: [Int], _ heatmaps: [Heatmap]) {
        (volume, self.slice, self.heatmaps) = (item.volume, slice, heatmaps)
        let all = item.findings?.findings ?? []
        boxes = findings.map { index in
            let isKey = all[index].keySlice == slice
            return OverlayBox(
                all[index], number: index + 1,
                elsewhere: isKey ? nil : OverlayCaption.name(ofSlice: all[index].keySlice, in: item))
        }
        caption = OverlayCaption(item, slice: slice, boxes: boxes, method: heatmaps.first?.method)
    }

    /// Voxels are taken as brightness in [0, 1]; images that are not are spread between their extremes.
    func render() -> Canvas {
        let (width, height) = (volume.shape.width, volume.shape.height)
        let aspect = pixelAspect
        let scale = max(1, Double(Self.minimumSide) / min(Double(width), Double(height) * aspect))
        let drawn = (
            width: Int((Double(width) * scale).rounded()), height: Int((Double(height) * aspect * scale).rounded())
        )
        let step = (x: Double(drawn.width) / Double(width), y: Double(drawn.height) / Double(height))
        let fullWidth = drawn.width + (heatmaps.isEmpty ? 0 : Self.barWidth)
        let lines = caption.lines(width: fullWidth - 20)
        var canvas = Canvas(width: fullWidth, height: drawn.height + 8 + lines.count * Self.lineHeight)

        let gray = brightness()
        for y in 0..<drawn.height {
            for x in 0..<drawn.width {
                let (column, row) = ((Double(x) + 0.5) / step.x, (Double(y) + 0.5) / step.y)
                let level = UInt8((255 * sample(gray, width, height, column, row)).rounded())
                canvas.blend(Canvas.Color(red: level, green: level, blue: level), opacity: 1, x: x, y: y)
                let heat = heatmaps.reduce(0) { max($0, strength($1, column, row)) }
                // Weak places stay clear, so that the anatomy under them can be read.
                let opacity = 0.65 * smooth(heat)
                if opacity > 0 { canvas.blend(ColorMap.color(heat), opacity: opacity, x: x, y: y) }
            }
        }
        // Boxes first, so that no line crosses a label.
        let placed = boxes.map { ($0, $0.edges(on: volume.shape, step: step, within: drawn)) }
        for (box, edges) in placed { box.drawLines(at: edges, on: &canvas) }
        var places = LabelPlaces(limit: drawn, boxes: placed.map(\.1))
        for (box, edges) in placed { box.drawLabel(at: edges, &places, on: &canvas) }
        if !heatmaps.isEmpty { drawColorBar(on: &canvas, drawn) }
        for (number, line) in lines.enumerated() {
            canvas.text(
                line.text, x: 10, y: drawn.height + 6 + number * Self.lineHeight,
                color: line.isNotice ? Canvas.Color(red: 240, green: 190, blue: 90) : .white)
        }
        return canvas
    }

    /// Height of a pixel over its width, in the patient; 1 where a picture of it would be a line.
    private var pixelAspect: Double {
        let ratio = volume.geometry.pixelAspect
        return (0.05...20).contains(ratio) ? ratio : 1
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

    private func drawColorBar(on canvas: inout Canvas, _ drawn: (width: Int, height: Int)) {
        let (top, bottom) = (76, drawn.height - 24)
        // Each map is spread to its own greatest value.
        for (line, text) in ["heat,", "relative"].enumerated() {
            canvas.text(text, x: drawn.width + 5, y: 6 + line * Canvas.textHeight, color: .white)
        }
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
}
