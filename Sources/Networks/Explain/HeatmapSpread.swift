extension HeatmapGrid {
    /// The map on a grid of `side` x `side` cells, spread by a Gaussian of 1.5 cells, and weighed by what the network says of
    /// each cell.
    ///
    /// The Gaussian gives the cells beside a map's few an order, the nearer the greater: as far as nineteen cells, beyond which
    /// single precision has no number that small. The scores keep the map on the lesion, which the head sees as a whole.
    ///
    /// - Parameter scores: of the classes that the map explains, in [0, 1] (`cellScores`).
    func spread(overCells side: Int, weighedBy scores: [Float]) -> HeatmapGrid {
        let deviation: Float = 1.5
        // As far as single precision has numbers for.
        let kernel = gaussianKernel(deviation: deviation, radius: Int(13 * deviation))
        let near = separablyFiltered(
            values(width: side, height: side), side: side, kernel: kernel, repeatsEdge: false)
        return HeatmapGrid(height: side, width: side, raw: zip(near, scores).map { $0 * $1 })
    }
}
