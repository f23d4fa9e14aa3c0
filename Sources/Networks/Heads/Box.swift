/// A box in pixels of the square input, edges, x right and y down.
struct Box: Sendable, Hashable {
    var x0: Float
    var y0: Float
    var x1: Float
    var y1: Float

    var area: Float { max(x1 - x0, 0) * max(y1 - y0, 0) }

    /// Intersection over union; 0 when either is empty.
    func overlap(_ other: Box) -> Float {
        let width = min(x1, other.x1) - max(x0, other.x0)
        let height = min(y1, other.y1) - max(y0, other.y0)
        guard width > 0, height > 0 else { return 0 }
        return width * height / (area + other.area - width * height)
    }

    func clamped(to size: Float) -> Box {
        Box(
            x0: min(max(x0, 0), size), y0: min(max(y0, 0), size), x1: min(max(x1, 0), size),
            y1: min(max(y1, 0), size))
    }
}
