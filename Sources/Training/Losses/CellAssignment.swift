package import Networks

/// Which cells of the dense head shall find which box: those near its centre, on the levels that fit its size.
package struct CellAssignment: Sendable {
    /// Cell and box, by cell. A cell that two boxes want goes to the smaller.
    package let pairs: [(cell: Int, box: Int)]

    /// The longer sides, as parts of the input, that each level learns; the coarsest has no upper limit.
    private static let ranges: [(above: Float, below: Float)] = [
        (0, 1.0 / 3), (1.0 / 6, 2.0 / 3), (1.0 / 3, .infinity),
    ]

    package init(_ grid: CellGrid, boxes: [TargetBox]) {
        var owner = [Int?](repeating: nil, count: grid.cells.count)
        for (index, box) in boxes.enumerated() {
            let side = box.longerSide / Float(grid.inputSize)
            let (x, y) = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
            for (number, cell) in grid.cells.enumerated() {
                let level = Int(cell.stride).trailingZeroBitCount - 3
                let below = level == grid.levels - 1 ? .infinity : Self.ranges[level].below
                guard side > Self.ranges[level].above, side < below else { continue }
                let away = max(abs(cell.x - x), abs(cell.y - y)) / cell.stride
                let isInside = cell.x > box.x0 && cell.x < box.x1 && cell.y > box.y0 && cell.y < box.y1
                guard (away < 1.5 && isInside) || away <= 0.5 else { continue }
                if let other = owner[number], boxes[other].area <= box.area { continue }
                owner[number] = index
            }
        }
        pairs = owner.enumerated().compactMap { cell, box in box.map { (cell, $0) } }
    }
}
