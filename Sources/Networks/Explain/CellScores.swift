import Tensors

/// What the dense head says of each place, without any gradient: in each cell of stride 8 the greatest probability of some
/// classes there, of the cells of any stride that cover it.
///
/// - Parameters:
///   - logits: `[1, cells, classes]`, level by level, stride 8 first, row by row.
///   - labels: the classes that count.
///   - side: cells of stride 8 along a side.
/// - Returns: `[side, side]`, uncalibrated.
func cellScores(_ logits: Tensor, of labels: some Collection<Int>, side: Int) -> [Float] {
    let (cells, classes, elements) = (logits.shape[1], logits.shape[2], logits.elements)
    var scores = [Float](repeating: 0, count: side * side)
    // Levels follow each other, each half as wide as the one before.
    var (start, step) = (0, 1)
    while start < cells {
        let width = side / step
        for place in scores.indices {
            let cell = start + place / side / step * width + place % side / step
            for label in labels { scores[place] = max(scores[place], logistic(elements[cell * classes + label])) }
        }
        start += width * width
        step *= 2
    }
    return scores
}
