package import Tensors

/// The anchor-free head (FCOS, Tian et al. 2019): every cell says class logits, distances to the box's four sides, and how
/// well that box will fit (IoU). One tower of two 3 x 3 convolutions serves all levels.
package struct DenseHead: Sendable {
    let conv1: Convolution2D
    let norm1: Normalization
    let conv2: Convolution2D
    let norm2: Normalization
    let output: Linear
    let classes: Int

    init(_ weights: inout ParameterSource, _ name: String, channels: Int, classes: Int) throws(TensorError) {
        conv1 = try Convolution2D(&weights, name + ".conv1", from: channels, to: channels, kernel: 3, padding: 1)
        norm1 = try Normalization(&weights, name + ".norm1", channels)
        conv2 = try Convolution2D(&weights, name + ".conv2", from: channels, to: channels, kernel: 3, padding: 1)
        norm2 = try Normalization(&weights, name + ".norm2", channels)
        // Focal loss wants classes to begin rare; boxes begin a little larger than their stride.
        let bias = [Float](repeating: -3.5, count: classes) + [0.5, 0.5, 0.5, 0.5, 0]
        output = try Linear(
            &weights, name + ".output", from: channels, to: classes + 5,
            initial: (.normal(deviation: 0.01), .values(bias)))
        self.classes = classes
    }

    /// What the cells of all levels say, level by level and row by row.
    package struct Cells: Sendable {
        /// `[batch, cells, classes]`
        package let logits: Variable
        /// Corners in pixels, `[batch, cells, 4]`.
        package let boxes: Variable
        /// IoU logits, `[batch, cells, 1]`.
        package let quality: Variable
        /// The tower's output `[batch, cells, channels]`, which seeds queries.
        package let features: Variable
    }

    /// - Parameter levels: `[batch, n, n, channels]`, stride 8 first.
    func callAsFunction(_ levels: [Variable], _ grid: CellGrid) throws(TensorError) -> Cells {
        var outputs: Variable?
        var features: Variable?
        for level in levels {
            var x = try gelu(norm1(conv1(level)))
            x = try gelu(norm2(conv2(x)))
            x = try reshape(x, [x.shape[0], x.shape[1] * x.shape[2], x.shape[3]])
            let said = try output(x)
            outputs = if let before = outputs { try concatenate(before, said) } else { said }
            features = if let before = features { try concatenate(before, x) } else { x }
        }
        guard let outputs, let features else {
            throw .shapeMismatch(operation: "dense head", expected: "at least one level", found: [0])
        }
        return try cells(outputs, features: features, grid)
    }

    /// - Parameter outputs: class logits, log distances and IoU logits, `[batch, cells, classes + 5]`.
    func cells(_ outputs: Variable, features: Variable, _ grid: CellGrid) throws(TensorError) -> Cells {
        Cells(
            logits: try narrow(outputs, from: 0, count: classes),
            boxes: try decodeBoxes(narrow(outputs, from: classes, count: 4), grid),
            quality: try narrow(outputs, from: classes + 4, count: 1), features: features)
    }
}
