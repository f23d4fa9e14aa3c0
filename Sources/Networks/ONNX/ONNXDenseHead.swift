import Tensors

extension ONNXGraph {
    /// What all cells say, level after level; see `DenseHead`.
    struct Cells {
        /// `[cells, classes]`
        let logits: Value
        /// Corners in pixels, `[cells, 4]`.
        let boxes: Value
        /// IoU logits, `[cells, 1]`.
        let quality: Value
        /// The tower's output, of each level `[cells, channels]`.
        let features: [Value]
    }

    /// - Parameter levels: tokens of each level, stride 8 first.
    mutating func denseHead(_ levels: [Value], _ grid: CellGrid, classes: Int) throws(TensorError) -> Cells {
        var (said, features): ([Value], [Value]) = ([], [])
        for (index, level) in levels.enumerated() {
            let (place, side) = (".stride\(8 << index)", grid.inputSize / (8 << index))
            var x = level
            for layer in ["1", "2"] {
                let pixels = image("dense.input\(layer)\(place)", x, grid: side)
                let filtered = try convolution("dense.conv\(layer)", pixels, padding: 1, at: place)
                x = try norm("dense.norm\(layer)", tokens("dense.conv\(layer).tokens\(place)", filtered), at: place)
                x = gelu("dense.gelu\(layer)\(place)", x)
            }
            features.append(x)
            said.append(try linear("dense.output", x, at: place))
        }
        let parts = split(
            "dense.split", concatenate("dense.output", said, axis: 0),
            ["dense.logits": classes, "dense.distances": 4, "dense.quality": 1])
        return Cells(
            logits: parts[0], boxes: decodedBoxes(parts[1], grid), quality: parts[2],
            features: features)
    }

    /// See `decodeBoxes`: left and top are taken away from a cell's centre, right and bottom are added.
    private mutating func decodedBoxes(_ distances: Value, _ grid: CellGrid) -> Value {
        let cells = grid.cells
        let strides = Tensor([cells.count, 4]) { out in
            for i in out.indices { out[i] = cells[i / 4].stride * (i % 4 < 2 ? -1 : 1) }
        }
        let centres = Tensor([cells.count, 4]) { out in
            for i in out.indices { out[i] = i % 2 == 0 ? cells[i / 4].x : cells[i / 4].y }
        }
        let least = binary("Min", "dense.distances.limited", distances, scalar(maximumLogDistance))
        let lengths = binary(
            "Mul", "dense.lengths", unary("Exp", "dense.distances.exp", least), constant("dense.strides", strides))
        return binary("Add", "dense.boxes", lengths, constant("dense.centres", centres))
    }
}
