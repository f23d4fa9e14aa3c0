#if canImport(Glibc)
    import Glibc
#endif

extension HeatmapGrid {
    /// The map on a grid of `side` x `side` cells, spread, and weighed by what its surroundings say: the product of the map
    /// spread by Gaussians of 1.5 and of 3 cells.
    ///
    /// The wider one moves the map's peak from the edge of what speaks for a box to its middle, the narrower one keeps the map
    /// on it. Of the cells beside a map's few, the nearer ones become the greater, as far as seventeen cells: beyond, single
    /// precision has no number that small.
    func spread(overCells side: Int) -> HeatmapGrid {
        let cells = values(width: side, height: side)
        let (near, far) = (blurred(cells, side: side, deviation: 1.5), blurred(cells, side: side, deviation: 3))
        return HeatmapGrid(height: side, width: side, raw: zip(near, far).map { $0 * $1 })
    }
}

/// Along rows and columns; what lies beyond the edge is 0, and the greatest value becomes 1.
private func blurred(_ cells: [Float], side: Int, deviation: Float) -> [Float] {
    let radius = Int(13 * deviation)
    let kernel = (-radius...radius).map { exp(-Float($0 * $0) / (2 * deviation * deviation)) }
    /// Spreads along rows and returns the transposed map.
    func pass(_ input: [Float]) -> [Float] {
        var output = [Float](repeating: 0, count: input.count)
        for row in 0..<side {
            for column in 0..<side {
                for other in max(0, column - radius)...min(side - 1, column + radius) {
                    output[column * side + row] += kernel[other - column + radius] * input[row * side + other]
                }
            }
        }
        return output
    }
    return HeatmapGrid(height: side, width: side, raw: pass(pass(cells))).values
}
