/// An axis-aligned box on a voxel grid.
///
/// Coordinates are `(x, y, z)` on voxel *edges*: voxel `i` spans `[i, i + 1]` and its centre, the point that
/// `Geometry` speaks of, is `i + 1/2`. A box in one slice `k` has `lower.z == k` and `upper.z == k + 1`.
public struct Box: Sendable, Hashable {
    public var lower: SIMD3<Double>
    public var upper: SIMD3<Double>

    public init(lower: SIMD3<Double>, upper: SIMD3<Double>) { (self.lower, self.upper) = (lower, upper) }

    /// A box in one slice, in pixel edges: x to the right, y down.
    public init(x: ClosedRange<Double>, y: ClosedRange<Double>, slice: Int) {
        self.init(
            lower: [x.lowerBound, y.lowerBound, Double(slice)], upper: [x.upperBound, y.upperBound, Double(slice + 1)])
    }

    public var size: SIMD3<Double> { upper - lower }
    public var center: SIMD3<Double> { (lower + upper) * 0.5 }
    /// Voxels covered; never negative.
    public var volume: Double { size.x > 0 && size.y > 0 && size.z > 0 ? size.x * size.y * size.z : 0 }

    /// Intersection over union, in [0, 1].
    public func overlap(_ other: Box) -> Double {
        let common = Box(lower: pointwiseMax(lower, other.lower), upper: pointwiseMin(upper, other.upper)).volume
        let union = volume + other.volume - common
        return union > 0 ? common / union : 0
    }

    /// The smallest box around both.
    public func union(_ other: Box) -> Box {
        Box(lower: pointwiseMin(lower, other.lower), upper: pointwiseMax(upper, other.upper))
    }

    /// The part inside a volume of the given shape.
    public func clipped(to shape: Shape) -> Box {
        let limit = SIMD3<Double>(Double(shape.width), Double(shape.height), Double(shape.depth))
        return Box(lower: pointwiseMax(lower, .zero), upper: pointwiseMin(upper, limit))
    }

    /// The same place on another grid: the box around the eight corners, mapped through patient space.
    /// Nil when the target's steps are degenerate.
    public func mapped(from source: Geometry, to target: Geometry) -> Box? {
        var result: Box?
        for corner in 0..<8 {
            let edge = SIMD3(
                corner & 1 == 0 ? lower.x : upper.x, corner & 2 == 0 ? lower.y : upper.y,
                corner & 4 == 0 ? lower.z : upper.z)
            guard let index = target.index(ofPosition: source.position(ofIndex: edge - 0.5)) else { return nil }
            let point = index + 0.5
            result = result?.union(Box(lower: point, upper: point)) ?? Box(lower: point, upper: point)
        }
        return result
    }
}
