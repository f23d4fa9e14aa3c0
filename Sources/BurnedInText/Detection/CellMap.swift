import Glibc

/// What the network says of a plane: logits of square cells, row by row, `[rows, columns]`.
///
/// The map may reach beyond the plane, or end before its last odd row and column: those count to the last cells.
struct CellMap {
    let logits: [Float]
    let rows: Int
    let columns: Int
    /// Pixels of the plane along a cell's side.
    var side: Int

    /// The greatest logit of the cells that some columns of a row of pixels touch.
    func row(_ y: Int, columns pixels: Range<Int>) -> Float {
        greatest(min(y / side, rows - 1) * columns, step: 1, count: columns, pixels)
    }

    /// The greatest logit of the cells that some rows of a column of pixels touch.
    func column(_ x: Int, rows pixels: Range<Int>) -> Float {
        greatest(min(x / side, columns - 1), step: columns, count: rows, pixels)
    }

    private func greatest(_ start: Int, step: Int, count: Int, _ pixels: Range<Int>) -> Float {
        var greatest = -Float.infinity
        for cell in pixels.lowerBound / side...(pixels.upperBound - 1) / side {
            greatest = max(greatest, logits[start + min(cell, count - 1) * step])
        }
        return greatest
    }
}

/// The logit of a probability in 0...1.
func logit(_ probability: Float) -> Float { log(probability / (1 - probability)) }
