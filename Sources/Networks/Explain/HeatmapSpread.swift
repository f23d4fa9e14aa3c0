extension HeatmapGrid {
    /// The map on a grid of `side` x `side` cells, spread, and weighed by what its surroundings say: the product of the map
    /// spread by Gaussians of 1.5 and of 3 cells.
    ///
    /// The wider one moves the map's peak from the edge of what speaks for a box to its middle, the narrower one keeps the map
    /// on it. Of the cells beside a map's few, the nearer ones become the greater, as far as seventeen cells: beyond, single
    /// precision has no number that small.
    func spread(overCells side: Int) -> HeatmapGrid {
        let cells = values(width: side, height: side)
        func blurred(_ deviation: Float) -> [Float] {
            // As far as single precision has numbers for.
            let kernel = gaussianKernel(deviation: deviation, radius: Int(13 * deviation))
            let raw = separablyFiltered(cells, side: side, kernel: kernel, repeatsEdge: false)
            return HeatmapGrid(height: side, width: side, raw: raw).values
        }
        return HeatmapGrid(height: side, width: side, raw: zip(blurred(1.5), blurred(3)).map { $0 * $1 })
    }
}
