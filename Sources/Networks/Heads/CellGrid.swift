/// The cells of a dense head: level by level, stride 8 first, each row by row.
package struct CellGrid: Sendable, Hashable {
    package struct Cell: Sendable, Hashable {
        /// Its centre in pixels of the input.
        package var x: Float
        package var y: Float
        /// Pixels between neighbours of its level.
        package var stride: Float
    }

    package let cells: [Cell]
    /// Width and height of the square input in pixels.
    package let inputSize: Int
    /// The number of levels.
    package let levels: Int

    package init(inputSize: Int, levels: Int) {
        self.inputSize = inputSize
        self.levels = levels
        var cells: [Cell] = []
        for level in 0..<levels {
            let stride = 8 << level
            let count = inputSize / stride
            for row in 0..<count {
                for column in 0..<count {
                    cells.append(
                        Cell(
                            x: (Float(column) + 0.5) * Float(stride), y: (Float(row) + 0.5) * Float(stride),
                            stride: Float(stride)))
                }
            }
        }
        self.cells = cells
    }
}
