import Networks
import Stages
import Training
import Volumes

/// Images beside each other with true boxes (white), found boxes (green hits, orange misses) and the heatmap of the best box:
/// good ones and failures, so that nobody has to believe numbers alone.
struct ContactSheet {
    /// What a tile shows; the title is printed on it.
    enum Kind: String, CaseIterable {
        case hit = "hit"
        case missed = "missed"
        case wrongClass = "wrong class"
        case falseAlarm = "false alarm"
        case quiet = "rightly quiet"
    }

    private static let side = 320
    private static let caption = 58
    private static let columns = 6
    private static let colors: [Kind: Canvas.Color] = [
        .hit: .init(red: 60, green: 200, blue: 120), .missed: .init(red: 240, green: 140, blue: 40),
        .wrongClass: .init(red: 230, green: 210, blue: 70), .falseAlarm: .init(red: 240, green: 140, blue: 40),
        .quiet: .init(red: 150, green: 170, blue: 190),
    ]

    let threshold: Float

    func kind(_ image: EvaluatedImage) -> Kind {
        let found = image.result.found.filter { $0.score >= threshold }
        guard !image.result.truth.isEmpty else { return found.isEmpty ? .quiet : .falseAlarm }
        for truth in image.result.truth {
            let over = found.filter { $0.box.overlap(truth) >= 0.5 }
            guard let best = over.max(by: { $0.score < $1.score }) else { return .missed }
            if best.box.label != truth.label { return .wrongClass }
        }
        return found.count > image.result.truth.count ? .falseAlarm : .hit
    }

    /// Which images to show: half of them hits over all classes, the rest failures of each kind and quiet images, at even
    /// steps through the data set.
    func chosen(_ images: [EvaluatedImage], count: Int = 24) -> [Int] {
        let groups = Dictionary(grouping: images.indices) { kind(images[$0]) }
        let wanted: [(Kind, Int)] = [
            (.hit, count / 2), (.missed, count / 6), (.wrongClass, count / 12), (.falseAlarm, count / 6),
            (.quiet, count / 12),
        ]
        var chosen: [Int] = []
        for (kind, share) in wanted { chosen += evenly(groups[kind] ?? [], share) }
        let rest = images.indices.filter { !chosen.contains($0) }
        chosen += evenly(rest, count - chosen.count)
        return chosen.sorted { (order(images[$0]), $0) < (order(images[$1]), $1) }
    }

    private func order(_ image: EvaluatedImage) -> Int { Kind.allCases.firstIndex(of: kind(image)) ?? 0 }

    private func evenly(_ places: [Int], _ count: Int) -> [Int] {
        guard count > 0, !places.isEmpty else { return [] }
        guard places.count > count else { return places }
        return (0..<count).map { places[(2 * $0 + 1) * places.count / (2 * count)] }
    }

    /// - Parameter items: prepared images, and their maps, in the order of `images`.
    func render(_ images: [EvaluatedImage], _ items: [(item: Item, map: HeatmapGrid?)]) -> Canvas {
        let rows = (images.count + Self.columns - 1) / Self.columns
        var sheet = Canvas(
            width: Self.columns * (Self.side + 8) + 8, height: rows * (Self.side + Self.caption + 8) + 40,
            color: Canvas.Color(red: 24, green: 26, blue: 30))
        for (number, (image, item)) in zip(images, items).enumerated() {
            let x = 8 + number % Self.columns * (Self.side + 8)
            let y = 8 + number / Self.columns * (Self.side + Self.caption + 8)
            draw(image, item.item.volume, item.map, item.item, x, y, on: &sheet)
        }
        sheet.text(Canvas.notice, x: 10, y: sheet.height - 30, color: .white)
        return sheet
    }

    private func draw(
        _ image: EvaluatedImage, _ volume: Volume, _ map: HeatmapGrid?, _ item: Item, _ left: Int, _ top: Int,
        on sheet: inout Canvas
    ) {
        let (width, height) = (volume.shape.width, volume.shape.height)
        let scale = Double(Self.side) / Double(max(width, height))
        let (dx, dy) = (
            (Double(Self.side) - Double(width) * scale) / 2, (Double(Self.side) - Double(height) * scale) / 2
        )
        let pixels = Array(volume.slice(0))
        // The map covers the square that the image is letterboxed into.
        let heat = map?.values(width: Self.side, height: Self.side)
        for y in 0..<Self.side {
            for x in 0..<Self.side {
                let (column, row) = (Int((Double(x) + 0.5 - dx) / scale), Int((Double(y) + 0.5 - dy) / scale))
                guard Double(x) + 0.5 >= dx, Double(y) + 0.5 >= dy, column < width, row < height else { continue }
                let level = UInt8((min(max(pixels[row * width + column], 0), 1) * 255).rounded())
                sheet.blend(.init(red: level, green: level, blue: level), opacity: 1, x: left + x, y: top + y)
                if let value = heat?[y * Self.side + x], value > 0.15 {
                    sheet.blend(
                        ColorMap.color(Double(value)), opacity: 0.5 * Double(value), x: left + x, y: top + y)
                }
            }
        }
        func place(_ box: LabelledBox) -> (x: Range<Int>, y: Range<Int>)? {
            guard let mapped = box.voxelBox.mapped(from: item.source.geometry, to: volume.geometry) else { return nil }
            func range(_ low: Double, _ high: Double, _ offset: Double, _ start: Int) -> Range<Int> {
                let places = [low, high].map {
                    min(max(Int(clamping: ($0 * scale + offset).rounded()), 0), Self.side)
                }
                let first = start + min(places[0], Self.side - 2)
                return first..<max(start + places[1], first + 2)
            }
            return (
                range(mapped.lower.x, mapped.upper.x, dx, left), range(mapped.lower.y, mapped.upper.y, dy, top)
            )
        }
        let found = image.result.found.filter { $0.score >= threshold }
        for truth in image.result.truth {
            if let box = place(truth) { sheet.stroke(.white, x: box.x, y: box.y, thickness: 2) }
        }
        for box in found {
            let isHit = image.result.truth.contains { $0.overlap(box.box) >= 0.5 }
            if let place = place(box.box) {
                sheet.stroke(Self.colors[isHit ? .hit : .missed] ?? .white, x: place.x, y: place.y, thickness: 2)
            }
        }
        let kind = kind(image)
        let truth = image.result.truth.first?.label ?? "no finding"
        sheet.text(
            fitted("\(kind.rawValue): \(truth)"), x: left + 2, y: top + Self.side + 4,
            color: Self.colors[kind] ?? .white)
        let said = found.max { $0.score < $1.score }.map {
            "\(ConfidenceBand.percent(Double($0.score)))% \($0.box.label)"
        }
        sheet.text(fitted("said \(said ?? "nothing")"), x: left + 2, y: top + Self.side + 30, color: .white)
    }

    private func fitted(_ text: String) -> String {
        var text = text
        while Canvas.textWidth(text) > Self.side - 4, !text.isEmpty { text.removeLast() }
        return text
    }
}
