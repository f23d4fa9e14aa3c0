import Tensors

/// The dense head once more on the tape, from the level of the feature pyramid that a cell lies on: maps of stride 8, 16 or 32.
///
/// A query's box is explained by the proposal that it comes from.
struct PyramidReplay {
    /// A cell's logit of a class, and its share in what is explained.
    typealias Logit = (cell: Int, classIndex: Int, weight: Float)

    private let head: DenseHead
    /// `[1, n * n, channels]`, stride 8 first.
    private let levels: [Variable]
    /// Cells along a side of stride 16.
    private let grid: Int

    init(_ network: DetectorNetwork, _ result: DetectorPlan.Result) throws(TensorError) {
        head = network.dense
        grid = result.coarse.shape[1]
        var levels: [Variable] = []
        for level in try network.pyramid(fine: Variable(result.fine), coarse: Variable(result.coarse)) {
            levels.append(try reshape(level, [1, level.shape[1] * level.shape[2], level.shape[3]]))
        }
        self.levels = levels
    }

    /// - Returns: a map over the cells of the finest level that a logit lies on; a cell of a coarser one covers several.
    func map(_ method: ExplanationMethod, of logits: [Logit]) throws(TensorError) -> HeatmapGrid {
        var maps: [Int: [Float]] = [:]
        for (level, own) in Dictionary(grouping: logits, by: { CellSurroundings(cell: $0.cell, grid: grid).level }) {
            maps[level] = try method.map(
                activation: levels[level].value, gradient: gradient(of: own, level: level))
        }
        guard let finest = maps.keys.min() else { throw .notRecorded }
        let side = (2 * grid) >> finest
        var raw = [Float](repeating: 0, count: side * side)
        for (level, map) in maps {
            let covered = 1 << (level - finest)
            for place in raw.indices {
                let (row, column) = (place / side / covered, place % side / covered)
                raw[place] += map[row * (side / covered) + column]
            }
        }
        return HeatmapGrid(height: side, width: side, raw: raw)
    }

    /// Of the logits' weighted sum, with respect to a level: 0 out of their reach.
    private func gradient(of logits: [Logit], level: Int) throws(TensorError) -> Tensor {
        let channels = levels[level].shape.last
        var result = Tensor.zeros(levels[level].shape)
        for logit in logits {
            let around = CellSurroundings(cell: logit.cell, grid: grid)
            let tape = Tape()
            let crop = tape.watch(try gather(levels[level], [around.places]).value)
            let said = try around.logits(head, crop)
            var seed = Tensor.zeros(said.shape)
            seed.withUnsafeMutableElements { $0[logit.classIndex] = logit.weight }
            let gradient = try tape.gradients(of: said, seed: seed, for: [crop])[0]
            result.withUnsafeMutableElements { out in
                gradient.withUnsafeElements { part in
                    for (index, place) in around.places.enumerated() {
                        for channel in 0..<channels {
                            out[place * channels + channel] += part[index * channels + channel]
                        }
                    }
                }
            }
        }
        return result
    }
}
