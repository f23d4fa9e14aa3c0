/// Components grown together to words and lines.
///
/// A weak component counts only beside a strong one in the same line: a date's last digit over a bright rib, not a vessel.
enum TextLines {
    struct Line {
        /// Pixels.
        var bounds: PixelRectangle
        var peak: Float
    }

    /// Joins what stands in one row or one column of letters, until nothing more joins.
    ///
    /// - Parameter reach: gap between neighbours of a line, as a part of its height.
    static func joined(_ lines: [Line], reach: Float) -> [Line] {
        var lines = lines
        var index = 0
        while index < lines.count {
            var other = index + 1
            var grew = false
            while other < lines.count {
                if areNeighbours(lines[index].bounds, lines[other].bounds, reach: reach) {
                    lines[index].bounds = lines[index].bounds.union(lines[other].bounds)
                    lines[index].peak = max(lines[index].peak, lines[other].peak)
                    lines.swapAt(other, lines.count - 1)
                    lines.removeLast()
                    grew = true
                } else {
                    other += 1
                }
            }
            // A grown line may reach one that was passed over.
            index = grew ? 0 : index + 1
        }
        return lines
    }

    static func areNeighbours(_ a: PixelRectangle, _ b: PixelRectangle, reach: Float) -> Bool {
        isContinued(a.x..<a.right, a.y..<a.bottom, b.x..<b.right, b.y..<b.bottom, reach: reach)
            || isContinued(a.y..<a.bottom, a.x..<a.right, b.y..<b.bottom, b.x..<b.right, reach: reach)
    }

    /// Whether two boxes are parts of one line: `along` its direction a small gap, `across` much the same place.
    ///
    /// One of the two must be longer than wide, or lines below each other would be letters of one that is turned.
    private static func isContinued(
        _ along: Range<Int>, _ across: Range<Int>, _ otherAlong: Range<Int>, _ otherAcross: Range<Int>, reach: Float
    ) -> Bool {
        let overlap = min(across.upperBound, otherAcross.upperBound) - max(across.lowerBound, otherAcross.lowerBound)
        let (low, high) = (min(across.count, otherAcross.count), max(across.count, otherAcross.count))
        let gap = max(along.lowerBound, otherAlong.lowerBound) - min(along.upperBound, otherAlong.upperBound)
        let isLong =
            2 * along.count >= across.count && 2 * otherAlong.count >= otherAcross.count
            && (along.count > across.count || otherAlong.count > otherAcross.count)
        return isLong && 4 * overlap >= 3 * low && 2 * low >= high && Float(gap) <= reach * Float(high)
    }
}
