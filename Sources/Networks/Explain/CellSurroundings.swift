import Tensors

/// The cells that a cell's logits are made from: 5 x 5 of its level, which the dense head's tower of two 3 x 3 convolutions sees.
///
/// Cut at the image's edge the crop is padded as the image is; elsewhere its edge is out of the cell's reach.
struct CellSurroundings {
    /// 0: stride 8, 1: stride 16, 2: stride 32.
    let level: Int
    /// Cells along a side of the level.
    let side: Int
    let rows: ClosedRange<Int>
    let columns: ClosedRange<Int>
    /// The cell's place in the crop, row by row.
    let centre: Int

    /// Cells that the tower sees to each side.
    private static let reach = 2

    /// - Parameters:
    ///   - cell: counted level by level, row by row.
    ///   - grid: cells along a side of stride 16.
    init(cell: Int, grid: Int) {
        var (place, level, side) = (cell, 0, 2 * grid)
        while place >= side * side { (place, level, side) = (place - side * side, level + 1, side / 2) }
        let (row, column) = (place / side, place % side)
        (self.level, self.side) = (level, side)
        rows = max(0, row - Self.reach)...min(side - 1, row + Self.reach)
        columns = max(0, column - Self.reach)...min(side - 1, column + Self.reach)
        centre = (row - rows.lowerBound) * columns.count + column - columns.lowerBound
    }

    /// Places of the crop's cells in the level, row by row.
    var places: [Int] { rows.flatMap { row in columns.map { row * side + $0 } } }

    /// The cell's class logits, `[1, 1, classes]`.
    ///
    /// - Parameter features: the pyramid's, of the crop's cells: `[1, cells, channels]`.
    func logits(_ head: DenseHead, _ features: Variable) throws(TensorError) -> Variable {
        let channels = features.shape.last
        var tower = try reshape(features, [1, rows.count, columns.count, channels])
        tower = try gelu(head.norm1(head.conv1(tower)))
        tower = try gelu(head.norm2(head.conv2(tower)))
        let flat = try reshape(tower, [1, rows.count * columns.count, channels])
        return try narrow(head.output(gather(flat, [[centre]])), from: 0, count: head.classes)
    }
}
