package import Networks
package import Tensors

#if canImport(Glibc)
    import Glibc
#endif

/// Everything that a detector is trained by: dense head, queries, abnormality and, where there is one, mask.
///
/// The twin of `training/losses.py`. A batch is worked through in passes of some images each; the divisors are those of the
/// whole batch, so that the passes' losses and gradients add up to the batch's.
package struct DetectionLoss: Sendable, Hashable {
    package var focal: FocalLoss
    /// In all decoder layers but the last each box is wanted this many times: more positives, a faster start.
    package var repeats: Int

    package init(focal: FocalLoss = FocalLoss(), repeats: Int = 4) { (self.focal, self.repeats) = (focal, repeats) }

    /// What sums over a batch are divided by.
    package struct Divisors: Sendable, Hashable {
        package var cells: Float
        /// Of each decoder layer.
        package var queries: [Float]
        package var images: Float
    }

    /// Parts of the loss before their weights.
    package struct Terms: Sendable, Hashable {
        package var dense: Double
        package var queries: Double
        package var abnormality: Double
        package var mask: Double
        /// What the teacher says otherwise; beside the total, which the labels make.
        package var distillation = 0.0
        /// All there is in pretraining.
        package var reconstruction = 0.0

        package static let zero = Terms(dense: 0, queries: 0, abnormality: 0, mask: 0)

        package static func += (a: inout Terms, b: Terms) {
            a.dense += b.dense
            a.queries += b.queries
            a.abnormality += b.abnormality
            a.mask += b.mask
            a.distillation += b.distillation
            a.reconstruction += b.reconstruction
        }

        /// dense + 0.5 queries + 0.2 abnormality + mask; in pretraining the reconstruction.
        package var total: Double { dense + 0.5 * queries + 0.2 * abnormality + mask + reconstruction }
    }

    /// - Parameter targets: of each image of the batch.
    package func divisors(
        _ targets: [[TargetBox]], grid: CellGrid, layers: Int, queries: Int
    ) -> Divisors {
        let cells = targets.reduce(0) { $0 + CellAssignment(grid, boxes: $1).pairs.count }
        return Divisors(
            cells: Float(max(cells, 1)),
            queries: (0..<layers).map { layer in
                Float(max(1, targets.reduce(0) { $0 + wanted($1, layer: layer, of: layers, queries: queries).count }))
            }, images: Float(targets.count))
    }

    /// The loss of one pass: `[1]`, and its parts.
    ///
    /// - Throws: `TensorError.outputNotFinite`: no assignment has the least cost then.
    package func callAsFunction(
        _ output: DetectorNetwork.BatchOutput, targets: [[TargetBox]], divisors: Divisors
    ) throws(TensorError) -> (loss: Variable, terms: Terms) {
        try output.checkFinite()
        let dense = try denseLoss(output, targets, divisors)
        var queries: [(weight: Float, Variable)] = []
        for layer in output.layers.indices {
            queries.append((1 / Float(output.layers.count), try queryLoss(output, layer, targets, divisors)))
        }
        let abnormality = try binaryCrossEntropy(
            output.abnormality, rows: Array(targets.indices), targets: targets.map { $0.isEmpty ? 0 : 1 },
            divisor: divisors.images)
        let query = queries.isEmpty ? Variable(.zeros([1])) : try weightedSum(queries)
        let mask = try output.mask.map { (mask) throws(TensorError) in
            try maskLoss(
                mask, targets: ellipses(targets, like: mask.shape), focal: focal, divisor: divisors.images)
        }
        var parts: [(weight: Float, Variable)] = [(1, dense), (0.5, query), (0.2, abnormality)]
        if let mask { parts.append((1, mask)) }
        return (
            try weightedSum(parts),
            Terms(
                dense: Double(dense.value[0]), queries: Double(query.value[0]),
                abnormality: Double(abnormality.value[0]), mask: Double(mask?.value[0] ?? 0))
        )
    }

    private func denseLoss(
        _ output: DetectorNetwork.BatchOutput, _ targets: [[TargetBox]], _ divisors: Divisors
    ) throws(TensorError) -> Variable {
        let cells = output.cells
        let (count, classes) = (cells.logits.shape[1], cells.logits.shape[2])
        var wanted = Tensor.zeros(cells.logits.shape)
        var pairs: [(row: Int, wanted: TargetBox)] = []
        wanted.withUnsafeMutableElements { wanted in
            for (image, boxes) in targets.enumerated() {
                for (cell, box) in CellAssignment(output.grid, boxes: boxes).pairs {
                    let row = image * count + cell
                    pairs.append((row, boxes[box]))
                    wanted[row * classes + boxes[box].label] = 1
                }
            }
        }
        let overlaps = cells.boxes.value.withUnsafeElements { found in
            pairs.map { row, box in
                Float(BoxOverlap(found: Array(found[4 * row..<4 * row + 4]), wanted: box.corners).iou)
            }
        }
        return try weightedSum([
            (1, focal(cells.logits, targets: wanted, divisor: divisors.cells)),
            (
                1,
                boxLoss(
                    cells.boxes, pairs: pairs, giou: 2, l1: 0, size: Float(output.grid.inputSize),
                    divisor: divisors.cells)
            ),
            (
                0.5,
                binaryCrossEntropy(
                    cells.quality, rows: pairs.map(\.row), targets: overlaps, divisor: divisors.cells)
            ),
        ])
    }

    /// Boxes as often as a layer wants them, no more than there are queries.
    private func wanted(_ boxes: [TargetBox], layer: Int, of layers: Int, queries: Int) -> [TargetBox] {
        let times = layer + 1 < layers ? repeats : 1
        return Array(boxes.flatMap { [TargetBox](repeating: $0, count: times) }.prefix(queries))
    }

    private func queryLoss(
        _ output: DetectorNetwork.BatchOutput, _ layer: Int, _ targets: [[TargetBox]], _ divisors: Divisors
    ) throws(TensorError) -> Variable {
        let (logits, boxes) = output.layers[layer]
        let (queries, classes) = (logits.shape[1], logits.shape[2])
        let size = Float(output.grid.inputSize)
        let (z, found) = (logits.value.elements, boxes.value.elements)
        var asked = Tensor.zeros(logits.shape)
        var pairs: [(row: Int, wanted: TargetBox)] = []
        asked.withUnsafeMutableElements { asked in
            for (image, boxes) in targets.enumerated() {
                let list = wanted(boxes, layer: layer, of: output.layers.count, queries: queries)
                let costs = list.map { box in
                    (0..<queries).map { query in
                        let row = image * queries + query
                        let corners = Array(found[4 * row..<4 * row + 4])
                        let away = zip(corners, box.corners).reduce(0) { $0 + abs(Double($1.0) - Double($1.1)) }
                        let p = 1 / (1 + exp(-Double(z[row * classes + box.label])))
                        return -2 * p - 2 * BoxOverlap(found: corners, wanted: box.corners).giou
                            + 5 * away / Double(size)
                    }
                }
                let chosen = leastCostAssignment(rows: list.count, columns: queries) { costs[$0][$1] }
                for (box, query) in zip(list, chosen) {
                    let row = image * queries + query
                    pairs.append((row, box))
                    asked[row * classes + box.label] = 1
                }
            }
        }
        return try weightedSum([
            (1, boxLoss(boxes, pairs: pairs, giou: 2, l1: 5, size: size, divisor: divisors.queries[layer])),
            (1, focal(logits, targets: asked, divisor: divisors.queries[layer])),
        ])
    }

    /// The ellipses that fill the boxes, as masks: what stands for outlines where a data set has only boxes.
    private func ellipses(_ targets: [[TargetBox]], like shape: Shape) -> Tensor {
        let (height, width) = (shape[1], shape[2])
        return Tensor(shape) { out in
            for (image, boxes) in targets.enumerated() {
                for cell in 0..<height * width {
                    let (x, y) = (8 * (Float(cell % width) + 0.5), 8 * (Float(cell / width) + 0.5))
                    let isInside = boxes.contains { box in
                        let u = (2 * x - box.x0 - box.x1) / max(box.x1 - box.x0, 1e-6)
                        let v = (2 * y - box.y0 - box.y1) / max(box.y1 - box.y0, 1e-6)
                        return u * u + v * v <= 1
                    }
                    out[image * height * width + cell] = isInside ? 1 : 0
                }
            }
        }
    }
}
