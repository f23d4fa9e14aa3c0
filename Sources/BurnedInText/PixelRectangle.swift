/// A rectangle of whole pixels: columns `x..<x + width`, rows `y..<y + height`, from the top left corner of a frame.
public struct PixelRectangle: Sendable, Hashable {
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int

    public init(x: Int, y: Int, width: Int, height: Int) {
        (self.x, self.y, self.width, self.height) = (x, y, width, height)
    }

    public var isEmpty: Bool { width <= 0 || height <= 0 }
    /// One past the last column.
    public var right: Int { x + width }
    /// One past the last row.
    public var bottom: Int { y + height }

    /// The part that lies in a frame; empty when there is none.
    public func clipped(rows: Int, columns: Int) -> PixelRectangle {
        let left = min(max(x, 0), columns)
        let top = min(max(y, 0), rows)
        // Sums that would overflow end at the frame's edge all the same.
        let (right, wide) = x.addingReportingOverflow(max(width, 0))
        let (bottom, tall) = y.addingReportingOverflow(max(height, 0))
        return PixelRectangle(
            x: left, y: top, width: max(0, (wide ? columns : min(right, columns)) - left),
            height: max(0, (tall ? rows : min(bottom, rows)) - top))
    }

    public func padded(by margin: Int) -> PixelRectangle {
        PixelRectangle(x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin)
    }

    /// The same place in a map of twice as many rows and columns.
    var doubled: PixelRectangle { PixelRectangle(x: 2 * x, y: 2 * y, width: 2 * width, height: 2 * height) }

    public func intersects(_ other: PixelRectangle) -> Bool {
        x < other.right && other.x < right && y < other.bottom && other.y < bottom
    }

    /// The smallest rectangle around both.
    public func union(_ other: PixelRectangle) -> PixelRectangle {
        let (left, top) = (min(x, other.x), min(y, other.y))
        return PixelRectangle(
            x: left, y: top, width: max(right, other.right) - left, height: max(bottom, other.bottom) - top)
    }
}
