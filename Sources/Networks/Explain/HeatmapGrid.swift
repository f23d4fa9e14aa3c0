/// A heatmap over equal cells of the square input, row by row; at least 0, greatest value 1 (or all 0).
public struct HeatmapGrid: Sendable, Hashable {
    public let height: Int
    public let width: Int
    public let values: [Float]

    /// Cuts negative values off and scales the greatest to 1.
    public init(height: Int, width: Int, raw: [Float]) {
        precondition(raw.count == height * width, "\(raw.count) values for \(height) x \(width) cells")
        self.height = height
        self.width = width
        let peak = raw.max() ?? 0
        values = peak > 0 ? raw.map { max($0, 0) / peak } : [Float](repeating: 0, count: raw.count)
    }

    /// The map at the centre of a pixel of an image of `width` x `height`: bilinear, edge-aligned, the edge repeated.
    public func values(width imageWidth: Int, height imageHeight: Int) -> [Float] {
        func places(_ count: Int, _ cells: Int) -> [(low: Int, high: Int, part: Float)] {
            (0..<count).map { pixel in
                let place = (Float(pixel) + 0.5) * Float(cells) / Float(count) - 0.5
                let inside = min(max(place, 0), Float(cells - 1))
                return (Int(inside), min(Int(inside) + 1, cells - 1), inside - Float(Int(inside)))
            }
        }
        let (across, down) = (places(imageWidth, width), places(imageHeight, height))
        var result: [Float] = []
        result.reserveCapacity(imageWidth * imageHeight)
        for y in down {
            for x in across {
                let top = values[y.low * width + x.low] * (1 - x.part) + values[y.low * width + x.high] * x.part
                let bottom = values[y.high * width + x.low] * (1 - x.part) + values[y.high * width + x.high] * x.part
                result.append(top * (1 - y.part) + bottom * y.part)
            }
        }
        return result
    }
}
