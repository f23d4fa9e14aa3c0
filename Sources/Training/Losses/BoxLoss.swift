package import Tensors

/// A box that an image's loss wants: corners in pixels of the input, and the class's number.
package struct TargetBox: Sendable, Hashable {
    package var x0: Float
    package var y0: Float
    package var x1: Float
    package var y1: Float
    package var label: Int

    package init(x0: Float, y0: Float, x1: Float, y1: Float, label: Int) {
        (self.x0, self.y0, self.x1, self.y1, self.label) = (x0, y0, x1, y1, label)
    }

    package var corners: [Float] { [x0, y0, x1, y1] }
    var longerSide: Float { max(x1 - x0, y1 - y0) }
    var area: Float { max(x1 - x0, 0) * max(y1 - y0, 0) }

    func touches(_ other: TargetBox) -> Bool { x0 < other.x1 && other.x0 < x1 && y0 < other.y1 && other.y0 < y1 }
}

/// Intersection over union and generalised IoU (Rezatofighi et al. 2019) of a found box with a wanted one, and the slope of the
/// generalised IoU by the found box's corners.
struct BoxOverlap {
    let iou: Double
    let giou: Double
    private(set) var slope = [0.0, 0.0, 0.0, 0.0]

    private static let least = 1e-6

    /// Lengths along one axis: of the found box, of the wanted one, of what both share and of what encloses them.
    private struct Axis {
        let own, other, inner, outer: Double

        init(low: (Double, Double), high: (Double, Double)) {
            own = max(high.0 - low.0, 0)
            other = max(high.1 - low.1, 0)
            inner = max(min(high.0, high.1) - max(low.0, low.1), 0)
            outer = max(max(high.0, high.1) - min(low.0, low.1), 0)
        }
    }

    init(found: [Float], wanted: [Float]) {
        let a = found.map { Double($0) }
        let b = wanted.map { Double($0) }
        let axes = [0, 1].map { Axis(low: (a[$0], b[$0]), high: (a[$0 + 2], b[$0 + 2])) }
        let inner = axes[0].inner * axes[1].inner
        let outer = axes[0].outer * axes[1].outer
        let area = axes[0].own * axes[1].own
        let union = area + axes[0].other * axes[1].other - inner
        let (below, around) = (max(union, Self.least), max(outer, Self.least))
        iou = inner / below
        giou = iou - (outer - union) / around
        for corner in 0..<4 {
            let axis = corner % 2
            let isHigh = corner > 1
            let across = 1 - axis
            let sign = isHigh ? 1.0 : -1
            let areaSlope = axes[axis].own > 0 ? sign * axes[across].own : 0
            // A corner moves the intersection where it is the inner one of the two, the enclosing box where it is the outer.
            let isInner = isHigh ? a[corner] < b[corner] : a[corner] > b[corner]
            let innerSlope = isInner && axes[axis].inner > 0 ? sign * axes[across].inner : 0
            let outerSlope = isInner ? 0 : sign * axes[across].outer
            let unionSlope = areaSlope - innerSlope
            let belowSlope = union > Self.least ? unionSlope : 0
            let aroundSlope = outer > Self.least ? outerSlope : 0
            let iouSlope = (innerSlope * below - inner * belowSlope) / (below * below)
            let emptySlope = ((outerSlope - unionSlope) * around - (outer - union) * aroundSlope) / (around * around)
            slope[corner] = iouSlope - emptySlope
        }
    }
}

/// `giou * (1 - GIoU) + l1 * |corners - wanted| / size`, summed over pairs and divided by `divisor`: `[1]`.
///
/// - Parameters:
///   - boxes: `[.., 4]`, corners in pixels.
///   - pairs: rows of `boxes` and what each should be.
///   - size: of the input in pixels, by which the sum of the four corner distances is divided.
package func boxLoss(
    _ boxes: Variable, pairs: [(row: Int, wanted: TargetBox)], giou: Float, l1: Float, size: Float, divisor: Float
) throws(TensorError) -> Variable {
    guard boxes.shape.last == 4, pairs.allSatisfy({ (0..<boxes.shape.rows).contains($0.row) }) else {
        throw .shapeMismatch(operation: "box loss", expected: "[.., 4] holding every pair's row", found: boxes.shape)
    }
    let found = boxes.value.elements
    var sum = 0.0
    var slopes = Tensor.zeros(boxes.shape)
    slopes.withUnsafeMutableElements { out in
        for (row, wanted) in pairs {
            let (corners, goal) = (Array(found[4 * row..<4 * row + 4]), wanted.corners)
            let overlap = BoxOverlap(found: corners, wanted: goal)
            sum += Double(giou) * (1 - overlap.giou)
            for side in 0..<4 {
                let away = corners[side] - goal[side]
                sum += Double(l1 * abs(away) / size)
                let sign: Float = away > 0 ? 1 : away < 0 ? -1 : 0
                out[4 * row + side] += (l1 * sign / size - giou * Float(overlap.slope[side])) / divisor
            }
        }
    }
    return try scalar("box loss", boxes, Float(sum) / divisor, slopes)
}
