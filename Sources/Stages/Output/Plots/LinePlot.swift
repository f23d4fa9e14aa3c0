#if canImport(Glibc)
    import Glibc
#endif

/// A plain plot: lines over two axes with round numbers, a title and a legend, on white.
public struct LinePlot: Sendable {
    public struct Series: Sendable {
        public var name: String
        public var points: [(x: Double, y: Double)]
        /// A dot at each point.
        public var hasDots: Bool
        /// Gray and thin, for what others are compared with.
        public var isReference: Bool

        public init(
            _ name: String, _ points: [(x: Double, y: Double)], hasDots: Bool = false, isReference: Bool = false
        ) {
            (self.name, self.points, self.hasDots, self.isReference) = (name, points, hasDots, isReference)
        }
    }

    /// Where an axis begins and ends; a logarithmic one needs numbers above 0.
    public struct Axis: Sendable {
        public var title: String
        public var range: ClosedRange<Double>
        public var ticks: [Double]
        public var isLogarithmic: Bool

        public init(_ title: String, _ range: ClosedRange<Double>, ticks: [Double], isLogarithmic: Bool = false) {
            (self.title, self.range, self.ticks, self.isLogarithmic) = (title, range, ticks, isLogarithmic)
        }

        /// From 0 to 1 in fifths.
        public static func share(_ title: String) -> Axis { Axis(title, 0...1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1]) }

        fileprivate func place(_ value: Double) -> Double {
            let inside = min(max(value, range.lowerBound), range.upperBound)
            guard isLogarithmic else {
                return (inside - range.lowerBound) / (range.upperBound - range.lowerBound)
            }
            return log(inside / range.lowerBound) / log(range.upperBound / range.lowerBound)
        }
    }

    private static let colors: [Canvas.Color] = [
        .init(red: 0, green: 114, blue: 178), .init(red: 213, green: 94, blue: 0), .init(red: 0, green: 158, blue: 115),
        .init(red: 204, green: 121, blue: 167), .init(red: 86, green: 180, blue: 233),
        .init(red: 230, green: 159, blue: 0),
    ]
    private static let ink = Canvas.Color(red: 40, green: 40, blue: 40)
    private static let soft = Canvas.Color(red: 150, green: 150, blue: 150)
    private static let grid = Canvas.Color(red: 228, green: 228, blue: 228)

    public var title: String
    public var x: Axis
    public var y: Axis
    public var series: [Series]

    public init(title: String, x: Axis, y: Axis, series: [Series]) {
        (self.title, self.x, self.y, self.series) = (title, x, y, series)
    }

    private let left = 96
    private let top = 52
    private let bottom = 112
    private let right = 28

    public func render(width: Int = 800, height: Int = 640) -> Canvas {
        var canvas = Canvas(width: width, height: height, color: .white)
        let (w, h) = (width - left - right, height - top - bottom)
        canvas.text(title, x: left, y: 14, color: Self.ink)
        for tick in x.ticks {
            let place = left + Int((x.place(tick) * Double(w)).rounded())
            canvas.fill(Self.grid, x: place..<place + 1, y: top..<top + h)
            let text = short(tick)
            canvas.text(text, x: place - Canvas.textWidth(text) / 2, y: top + h + 8, color: Self.ink)
        }
        for tick in y.ticks {
            let place = top + h - Int((y.place(tick) * Double(h)).rounded())
            canvas.fill(Self.grid, x: left..<left + w, y: place..<place + 1)
            let text = short(tick)
            canvas.text(text, x: left - 10 - Canvas.textWidth(text), y: place - Canvas.textHeight / 2, color: Self.ink)
        }
        canvas.stroke(Self.soft, x: left..<left + w + 1, y: top..<top + h + 1, thickness: 1)
        canvas.text(x.title, x: left + (w - Canvas.textWidth(x.title)) / 2, y: height - 66, color: Self.ink)
        canvas.text(Canvas.notice, x: width - right - Canvas.textWidth(Canvas.notice), y: height - 30, color: Self.soft)
        drawSideways(y.title, on: &canvas, middle: top + h / 2)
        for (number, one) in colored.enumerated().reversed() { draw(one.series, one.color, number, w, h, &canvas) }
        drawLegend(on: &canvas, w, h)
        return canvas
    }

    private var colored: [(series: Series, color: Canvas.Color)] {
        var next = 0
        return series.map { one in
            if one.isReference { return (one, Self.soft) }
            defer { next += 1 }
            return (one, Self.colors[next % Self.colors.count])
        }
    }

    private func draw(
        _ series: Series, _ color: Canvas.Color, _ number: Int, _ w: Int, _ h: Int, _ canvas: inout Canvas
    ) {
        let places = series.points.map { point in
            (x: Double(left) + x.place(point.x) * Double(w), y: Double(top + h) - y.place(point.y) * Double(h))
        }
        for (a, b) in zip(places, places.dropFirst()) {
            let steps = max(Int(max(abs(b.x - a.x), abs(b.y - a.y)) * 2), 1)
            for step in 0...steps {
                let part = Double(step) / Double(steps)
                dot(
                    a.x + (b.x - a.x) * part, a.y + (b.y - a.y) * part, radius: series.isReference ? 0.8 : 1.6, color,
                    &canvas)
            }
        }
        if series.hasDots { for place in places { dot(place.x, place.y, radius: 4.5, color, &canvas) } }
    }

    /// A disc whose rim fades over one pixel; it never grows darker than its colour, so lines may overlap themselves.
    private func dot(_ x: Double, _ y: Double, radius: Double, _ color: Canvas.Color, _ canvas: inout Canvas) {
        let reach = Int(radius.rounded(.up)) + 1
        for row in Int(y) - reach...Int(y) + reach {
            for column in Int(x) - reach...Int(x) + reach {
                let distance = hypot(Double(column) + 0.5 - x, Double(row) + 0.5 - y)
                let opacity = min(max(radius + 0.5 - distance, 0), 1)
                if opacity > 0 { canvas.darken(color, opacity: opacity, x: column, y: row) }
            }
        }
    }

    /// In the corner that the lines pass through least.
    private func drawLegend(on canvas: inout Canvas, _ w: Int, _ h: Int) {
        let named = colored.filter { !$0.series.name.isEmpty }
        guard !named.isEmpty else { return }
        let line = Canvas.textHeight + 4
        let size = (
            w: (named.map { Canvas.textWidth($0.series.name) }.max() ?? 0) + 56, h: named.count * line + 12
        )
        let corners = [
            (left + w - size.w - 12, top + h - size.h - 12), (left + 12, top + h - size.h - 12),
            (left + w - size.w - 12, top + 12), (left + 12, top + 12),
        ]
        func crowd(_ corner: (Int, Int)) -> Int {
            series.filter { !$0.isReference }.reduce(0) { sum, one in
                let places = one.points.map { (x: x.place($0.x) * Double(w), y: y.place($0.y) * Double(h)) }
                return sum
                    + zip(places, places.dropFirst()).reduce(0) { sum, line in
                        let (a, b) = line
                        // By length: a jagged line of many points covers no more than a smooth one.
                        let steps = Int(max(abs(b.x - a.x), abs(b.y - a.y)).rounded(.up))
                        return sum
                            + (0..<steps).count { step in
                                let part = Double(step) / Double(steps)
                                let px = left + Int(a.x + (b.x - a.x) * part)
                                let py = top + h - Int(a.y + (b.y - a.y) * part)
                                return (corner.0..<corner.0 + size.w).contains(px)
                                    && (corner.1..<corner.1 + size.h).contains(py)
                            }
                    }
            }
        }
        let (cx, cy) = corners.min { crowd($0) < crowd($1) } ?? corners[0]
        canvas.fill(.white, opacity: 0.9, x: cx..<cx + size.w, y: cy..<cy + size.h)
        canvas.stroke(Self.grid, x: cx..<cx + size.w, y: cy..<cy + size.h, thickness: 1)
        for (index, one) in named.enumerated() {
            let y = cy + 6 + index * line
            canvas.fill(one.color, x: cx + 10..<cx + 40, y: y + line / 2 - 2..<y + line / 2 + 1)
            canvas.text(one.series.name, x: cx + 48, y: y, color: Self.ink)
        }
    }

    /// Upwards along the left edge.
    private func drawSideways(_ text: String, on canvas: inout Canvas, middle: Int) {
        let width = Canvas.textWidth(text)
        var flat = Canvas(width: width, height: Canvas.textHeight, color: .white)
        flat.text(text, x: 0, y: 0, color: Self.ink)
        for y in 0..<flat.height {
            for x in 0..<flat.width {
                let start = (y * flat.width + x) * 3
                let color = Canvas.Color(
                    red: flat.pixels[start], green: flat.pixels[start + 1], blue: flat.pixels[start + 2])
                canvas.blend(color, opacity: 1, x: 10 + y, y: middle + width / 2 - x)
            }
        }
    }
}

extension Canvas {
    /// Mixes a colour in where that makes the pixel darker.
    fileprivate mutating func darken(_ color: Color, opacity: Double, x: Int, y: Int) {
        guard (0..<width).contains(x), (0..<height).contains(y) else { return }
        let start = (y * width + x) * 3
        let mixed = [color.red, color.green, color.blue].map { 255 + (Double($0) - 255) * opacity }
        let before = (0..<3).reduce(0) { $0 + Double(pixels[start + $1]) }
        guard mixed.reduce(0, +) < before else { return }
        let exact = Color(red: UInt8(mixed[0]), green: UInt8(mixed[1]), blue: UInt8(mixed[2]))
        blend(exact, opacity: 1, x: x, y: y)
    }
}

/// Without digits that say nothing.
private func short(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e6 { return String(Int(value)) }
    return String((value * 1000).rounded() / 1000)
}
