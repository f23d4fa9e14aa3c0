/// A heatmap over equal cells of the square input, row by row; at least 0, greatest value 1 (or all 0).
public struct HeatmapGrid: Sendable, Hashable {
    public let height: Int
    public let width: Int
    public let values: [Float]

    /// Cuts negative values off and scales the greatest to 1.
    init(height: Int, width: Int, raw: [Float]) {
        precondition(raw.count == height * width, "\(raw.count) values for \(height) x \(width) cells")
        self.height = height
        self.width = width
        let peak = raw.max() ?? 0
        values = peak > 0 ? raw.map { max($0, 0) / peak } : [Float](repeating: 0, count: raw.count)
    }
}
