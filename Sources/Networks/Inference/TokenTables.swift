/// Which tokens lie where, as tables of rows for the gathers of a plan; -1 is a place outside the image.
enum TokenTables {
    /// The token of a square grid, row by row, at each place of the order by windows.
    static func windows(grid: Int, window: Int) -> [Int32] {
        let across = grid / window
        return (0..<grid * grid).map { place in
            let (index, within) = place.quotientAndRemainder(dividingBy: window * window)
            let row = index / across * window + within / window
            return Int32(row * grid + index % across * window + within % window)
        }
    }

    /// The place of each token, where `windows` has the token of each place.
    static func inverse(_ table: [Int32]) -> [Int32] {
        var inverse = [Int32](repeating: 0, count: table.count)
        for (place, token) in table.enumerated() { inverse[Int(token)] = Int32(place) }
        return inverse
    }

    /// The windows of a `kernel` x `kernel` convolution over a square grid, one output token after the other.
    ///
    static func patches(grid: Int, kernel: Int, stride: Int, padding: Int) -> [Int32] {
        let out = (grid + 2 * padding - kernel) / stride + 1
        var table: [Int32] = []
        table.reserveCapacity(out * out * kernel * kernel)
        for row in 0..<out {
            for column in 0..<out {
                for y in 0..<kernel {
                    for x in 0..<kernel {
                        let (r, c) = (row * stride + y - padding, column * stride + x - padding)
                        let isInside = (0..<grid).contains(r) && (0..<grid).contains(c)
                        table.append(isInside ? Int32(r * grid + c) : -1)
                    }
                }
            }
        }
        return table
    }

    /// Patches that do not overlap, of pixels that come in runs of `patch`: `patch` runs a token.
    static func pixelRuns(size: Int, patch: Int) -> [Int32] {
        let grid = size / patch
        return (0..<grid * grid * patch).map { index in
            let (token, row) = index.quotientAndRemainder(dividingBy: patch)
            return Int32((token / grid * patch + row) * grid + token % grid)
        }
    }

    /// 2 x 2 neighbours, row by row, of each token of the coarser grid.
    static func merges(grid: Int) -> [Int32] { patches(grid: grid, kernel: 2, stride: 2, padding: 0) }

    /// The token of the coarser grid that lies under each of the finer, of `grid` tokens a side.
    static func upsampled(grid: Int) -> [Int32] {
        (0..<grid * grid).map { Int32($0 / grid / 2 * (grid / 2) + $0 % grid / 2) }
    }

    /// Runs of `width` entries in another order.
    static func reordered(_ table: [Int32], by order: [Int32], width: Int = 1) -> [Int32] {
        order.flatMap { table[Int($0) * width..<(Int($0) + 1) * width] }
    }
}
