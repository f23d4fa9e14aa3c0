import Tensors

#if canImport(Glibc)
    import Glibc
#endif

/// Above this, `exp` of a log distance would leave any image.
let maximumLogDistance: Float = 4

/// A decoder layer changes a box's width and height by at most this factor's exponential.
let maximumLogScale: Float = 1

/// Boxes from the log distances (in strides) of each cell's centre to left, top, right and bottom.
///
/// `[batch, cells, 4]` to corners x0, y0, x1, y1 in pixels, `[batch, cells, 4]`.
func decodeBoxes(_ distances: Variable, _ grid: CellGrid) throws(TensorError) -> Variable {
    let cells = grid.cells
    guard distances.shape.rank == 3, distances.shape[1] == cells.count, distances.shape[2] == 4 else {
        throw .shapeMismatch(
            operation: "box decoding", expected: "[batch, \(cells.count), 4]", found: distances.shape)
    }
    let value = Tensor(distances.shape) { out in
        distances.value.withUnsafeElements { d in
            for row in 0..<d.count / 4 {
                let cell = cells[row % cells.count]
                func length(_ side: Int) -> Float { exp(min(d[4 * row + side], maximumLogDistance)) * cell.stride }
                out[4 * row] = cell.x - length(0)
                out[4 * row + 1] = cell.y - length(1)
                out[4 * row + 2] = cell.x + length(2)
                out[4 * row + 3] = cell.y + length(3)
            }
        }
    }
    return try Tape.record("box decoding", [distances], value) { (gradient) throws(TensorError) in
        let (d, g) = (distances.value.elements, gradient.elements)
        return [
            Tensor(distances.shape) { out in
                for index in out.indices {
                    let length = exp(d[index]) * cells[index / 4 % cells.count].stride
                    let slope = d[index] > maximumLogDistance ? 0 : length
                    out[index] = index % 4 < 2 ? -g[index] * slope : g[index] * slope
                }
            }
        ]
    }
}

/// Moves the centres of boxes by parts of their size, and scales their sizes by exponentials.
///
/// - Parameters: `boxes` `[batch, n, 4]`, corners in pixels, constant; `change` `[batch, n, 4]`: x, y, log width, log height.
func refineBoxes(_ boxes: Tensor, by change: Variable) throws(TensorError) -> Variable {
    guard boxes.shape == change.shape, boxes.shape.last == 4 else {
        throw .shapeMismatch(operation: "box refinement", expected: "\(boxes.shape)", found: change.shape)
    }
    func limited(_ x: Float) -> Float { min(max(x, -maximumLogScale), maximumLogScale) }
    let value = Tensor(boxes.shape) { out in
        boxes.withUnsafeElements { b in
            change.value.withUnsafeElements { c in
                for i in stride(from: 0, to: b.count, by: 4) {
                    for axis in 0..<2 {
                        let extent = b[i + axis + 2] - b[i + axis]
                        let centre = (b[i + axis] + b[i + axis + 2]) / 2 + c[i + axis] * extent
                        let half = extent * exp(limited(c[i + axis + 2])) / 2
                        out[i + axis] = centre - half
                        out[i + axis + 2] = centre + half
                    }
                }
            }
        }
    }
    return try Tape.record("box refinement", [change], value) { (gradient) throws(TensorError) in
        let (b, c, g) = (boxes.elements, change.value.elements, gradient.elements)
        return [
            Tensor(boxes.shape) { out in
                for i in stride(from: 0, to: b.count, by: 4) {
                    for axis in 0..<2 {
                        let extent = b[i + axis + 2] - b[i + axis]
                        let (low, high) = (g[i + axis], g[i + axis + 2])
                        let scale = c[i + axis + 2]
                        out[i + axis] = (low + high) * extent
                        out[i + axis + 2] =
                            abs(scale) > maximumLogScale ? 0 : (high - low) * extent * exp(scale) / 2
                    }
                }
            }
        ]
    }
}
