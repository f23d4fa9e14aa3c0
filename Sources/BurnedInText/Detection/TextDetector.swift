import Glibc

/// A place that holds text.
public struct TextRegion: Sendable, Hashable {
    /// The letters and a margin around them, within the frame.
    public var rectangle: PixelRectangle
    /// How sure the network is at its surest, 0...1.
    public var score: Float

    public init(rectangle: PixelRectangle, score: Float) { (self.rectangle, self.score) = (rectangle, score) }
}

/// Finds letters that are burned into a frame.
///
/// Bright on dark, dark on bright, outlined, shadowed or boxed; upright or turned by 90 degrees; letters of 8 to about
/// 50 pixels, in frames of 1,024 pixels and more up to 100. What it finds and misses is measured in `README.md`.
/// The same frame gives the same regions on every machine.
public struct TextDetector: Sendable {
    /// Cells above this probability become part of a region.
    public var growth: Float = 0.15
    /// A region has a cell above this, or stands beside one that has in the same line.
    public var seed: Float = 0.7
    /// A component whose cells fill less of its bounds is covered strip by strip.
    public var filled: Float = 0.6
    /// Pixels that are added on each side before `LetterTrim` gives back what lies beyond the letters.
    public var margin = 1

    public init() {}

    /// - Returns: rectangles from top to bottom, then left to right; they may overlap.
    public func regions(in plane: GrayPlane) -> [TextRegion] {
        guard plane.height > 0, plane.width > 0 else { return [] }
        var (lines, cells) = lines(in: plane)
        var regions = lines.map { region($0.bounds, peak: $0.peak, LetterTrim(plane: plane, cells: cells)) }
        if max(plane.height, plane.width) >= 1024, min(plane.height, plane.width) >= 128 {
            // Large letters of large frames, at half size; small ones were found above.
            (lines, cells) = self.lines(in: plane.halved)
            cells.side *= 2
            let trim = LetterTrim(plane: plane, cells: cells)
            for line in lines where min(line.bounds.width, line.bounds.height) > 16 {
                regions.append(region(line.bounds.doubled, peak: line.peak, trim))
            }
        }
        return regions.filter { !$0.rectangle.isEmpty }
            .sorted { ($0.rectangle.y, $0.rectangle.x) < ($1.rectangle.y, $1.rectangle.x) }
    }

    private func region(_ bounds: PixelRectangle, peak: Float, _ trim: LetterTrim) -> TextRegion {
        let rectangle = bounds.padded(by: margin).clipped(rows: trim.plane.height, columns: trim.plane.width)
        return TextRegion(rectangle: trim.trimmed(rectangle), score: 1 / (1 + exp(-peak)))
    }

    /// All planes of a frame together, as `GrayPlane.planes` gives them.
    public func regions(in planes: [GrayPlane]) -> [TextRegion] {
        var regions = planes.flatMap { self.regions(in: $0) }
        guard planes.count > 1 else { return regions }
        // The same text is mostly seen in every plane: what lies inside another region is no other one.
        regions.sort { $0.rectangle.width * $0.rectangle.height > $1.rectangle.width * $1.rectangle.height }
        var kept: [TextRegion] = []
        for region in regions {
            if let outer = kept.firstIndex(where: { $0.rectangle.union(region.rectangle) == $0.rectangle }) {
                kept[outer].score = max(kept[outer].score, region.score)
            } else {
                kept.append(region)
            }
        }
        return kept.sorted { ($0.rectangle.y, $0.rectangle.x) < ($1.rectangle.y, $1.rectangle.x) }
    }

    private func lines(in plane: GrayPlane) -> ([TextLines.Line], CellMap) {
        let contrast = LocalContrast(of: plane)
        let cells = CellMap(
            logits: TextNetwork.shared.logits(contrast), rows: contrast.height / 2, columns: contrast.width / 2, side: 2
        )
        let components = Component.all(
            in: cells.logits, height: cells.rows, width: cells.columns, above: logit(growth))
        let threshold = logit(seed)
        let doubtful = logit(0.5)
        func line(_ bounds: PixelRectangle, _ peak: Float) -> TextLines.Line {
            TextLines.Line(bounds: bounds.doubled, peak: peak)
        }
        var solid: [TextLines.Line] = []
        var ragged: [TextLines.Line] = []
        for component in components where component.cells >= 4 && component.peak >= doubtful {
            let pieces = component.pieces(filled: filled)
            if pieces.count == 1 {
                solid.append(line(pieces[0], component.peak))
            } else if component.peak >= threshold {
                ragged += pieces.map { line($0, component.peak) }
            }
        }
        return (TextLines.joined(solid, reach: 0.4).filter { $0.peak >= threshold } + ragged, cells)
    }
}
