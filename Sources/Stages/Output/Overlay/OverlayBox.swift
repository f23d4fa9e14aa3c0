import Volumes

/// A finding on a picture: its box, and the label beside it.
struct OverlayBox {
    /// Colours that stay apart for people with colour-vision deficiency (Okabe and Ito), one a finding.
    private static let boxColors: [Canvas.Color] = [
        .init(red: 86, green: 180, blue: 233), .init(red: 0, green: 158, blue: 115),
        .init(red: 240, green: 228, blue: 66), .init(red: 204, green: 121, blue: 167),
        .init(red: 213, green: 94, blue: 0),
    ]

    let finding: Finding
    /// As in `lesion_id`.
    let number: Int
    /// The slice in which it is surest, where that is another one: then the box is the whole finding's, and dashed.
    let elsewhere: String?

    init(_ finding: Finding, number: Int, elsewhere: String?) {
        (self.finding, self.number, self.elsewhere) = (finding, number, elsewhere)
    }

    private var color: Canvas.Color { Self.boxColors[(number - 1) % Self.boxColors.count] }

    /// In pixels of a picture that shows a slice at `step` pixels a voxel.
    func edges(
        on shape: Shape, step: (x: Double, y: Double), within limit: (width: Int, height: Int)
    ) -> (x: Range<Int>, y: Range<Int>) {
        let box = (elsewhere == nil ? finding.keyBox : finding.box).clipped(to: shape)
        func range(_ lower: Double, _ upper: Double, _ step: Double, _ limit: Int) -> Range<Int> {
            func pixel(_ value: Double) -> Int { min(max(Int((value * step).rounded()), 0), limit) }
            return pixel(lower)..<max(pixel(upper), pixel(lower) + 1)
        }
        return (
            range(box.lower.x, box.upper.x, step.x, limit.width), range(box.lower.y, box.upper.y, step.y, limit.height)
        )
    }

    func drawLines(at edges: (x: Range<Int>, y: Range<Int>), on canvas: inout Canvas) {
        let (x, y) = edges
        // A dark rim on both sides keeps the line readable on bright tissue.
        canvas.stroke(
            .black, x: x.lowerBound - 2..<x.upperBound + 2, y: y.lowerBound - 2..<y.upperBound + 2, thickness: 7)
        canvas.stroke(color, x: x, y: y, thickness: 3, isDashed: elsewhere != nil)
    }

    func drawLabel(at edges: (x: Range<Int>, y: Range<Int>), _ places: inout LabelPlaces, on canvas: inout Canvas) {
        let score = "\(ConfidenceBand.percent(finding.score))% \(finding.confidence.abbreviation)"
        let tail = " " + score + (elsewhere.map { " (\($0))" } ?? "")
        let name = Self.shortened("\(number) \(finding.label)", width: places.limit.width - 12 - Canvas.textWidth(tail))
        let label = name + tail
        let size = (width: Canvas.textWidth(label) + 12, height: Canvas.textHeight + 4)
        let (left, top) = places.take(size, beside: edges)
        canvas.fill(.black, opacity: 0.85, x: left..<left + size.width, y: top..<top + size.height)
        canvas.fill(color, x: left..<left + 4, y: top..<top + size.height)
        canvas.text(label, x: left + 8, y: top + 2, color: .white)
    }

    /// A class has a name of any length; what is sure to be read is its number and score.
    static func shortened(_ text: String, width: Int) -> String {
        guard Canvas.textWidth(text) > width else { return text }
        var short = text
        while !short.isEmpty, Canvas.textWidth(short + "..") > width { short.removeLast() }
        return short + ".."
    }
}

/// Where labels stand: at their boxes, none upon another, nor upon a box if there is room elsewhere.
struct LabelPlaces {
    let limit: (width: Int, height: Int)
    private let boxes: [(x: Range<Int>, y: Range<Int>)]
    private var taken: [(x: Range<Int>, y: Range<Int>)] = []

    init(limit: (width: Int, height: Int), boxes: [(x: Range<Int>, y: Range<Int>)]) {
        (self.limit, self.boxes) = (limit, boxes)
    }

    /// - Returns: left and top of a label: above its box, below, inside, or in the nearest row that is free.
    mutating func take(
        _ size: (width: Int, height: Int), beside box: (x: Range<Int>, y: Range<Int>)
    ) -> (left: Int, top: Int) {
        let above = box.y.lowerBound - 2 - size.height
        let near = [above, box.y.upperBound + 2, box.y.lowerBound + 7, box.y.upperBound - 7 - size.height]
        let lowest = max(limit.height - size.height, 0)
        let rows = stride(from: 0, through: lowest, by: max(size.height / 2, 1)).sorted {
            (abs($0 - above), $0) < (abs($1 - above), $1)
        }
        let lefts = [box.x.lowerBound - 2, box.x.upperBound + 2 - size.width].map {
            min(max($0, 0), max(limit.width - size.width, 0))
        }
        let places = (near.filter { (0...lowest).contains($0) } + rows).flatMap { top in lefts.map { ($0, top) } }
        func isFree(_ place: (Int, Int), _ others: [(x: Range<Int>, y: Range<Int>)]) -> Bool {
            !others.contains {
                $0.x.overlaps(place.0..<place.0 + size.width) && $0.y.overlaps(place.1..<place.1 + size.height)
            }
        }
        let place =
            places.first { isFree($0, taken + boxes) } ?? places.first { isFree($0, taken) } ?? places[0]
        taken.append((place.0..<place.0 + size.width, place.1..<place.1 + size.height))
        return place
    }
}
