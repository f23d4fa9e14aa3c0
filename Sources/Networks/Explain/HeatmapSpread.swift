#if canImport(Glibc)
    import Glibc
#endif

extension HeatmapGrid {
    /// The map on a grid of `side` x `side` cells, spread by a Gaussian whose standard deviation is one of them.
    ///
    /// Of the cells beside a map's few, the nearer ones become the greater, as far as thirteen cells: beyond, single precision
    /// has no number that small.
    func spread(overCells side: Int) -> HeatmapGrid {
        let radius = 13
        let kernel = (-radius...radius).map { exp(-Float($0 * $0) / 2) }
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
        return HeatmapGrid(height: side, width: side, raw: pass(pass(values(width: side, height: side))))
    }
}
