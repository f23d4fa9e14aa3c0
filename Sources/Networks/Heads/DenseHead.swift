import Tensors

#if canImport(Glibc)
    import Glibc
#endif

/// The anchor-free head (FCOS, Tian et al. 2019): every cell says class logits, distances to the box's four sides, and how
/// well that box will fit (IoU). One tower of two 3 x 3 convolutions serves all levels.
struct DenseHead: Sendable {
    /// Above this, `exp` of a log distance would leave any image.
    static let maximumLogDistance: Float = 4

    let conv1: Convolution2D
    let norm1: Normalization
    let conv2: Convolution2D
    let norm2: Normalization
    let output: Linear
    let classes: Int

    init(_ weights: inout WeightFile, _ name: String, channels: Int, classes: Int) throws(TensorError) {
        conv1 = try Convolution2D(&weights, name + ".conv1", from: channels, to: channels, kernel: 3, padding: 1)
        norm1 = try Normalization(&weights, name + ".norm1", channels)
        conv2 = try Convolution2D(&weights, name + ".conv2", from: channels, to: channels, kernel: 3, padding: 1)
        norm2 = try Normalization(&weights, name + ".norm2", channels)
        output = try Linear(&weights, name + ".output", from: channels, to: classes + 5)
        self.classes = classes
    }

    /// What the cells of all levels say, level by level and row by row.
    struct Proposals {
        /// `[1, cells, classes]`
        let logits: Variable
        /// The tower's output `[1, cells, channels]`, which seeds queries.
        let features: Variable
        let boxes: [Box]
        /// IoU logits, one a cell.
        let quality: [Float]
    }

    /// - Parameter levels: `[1, n, n, channels]` at stride 8, then 16.
    func callAsFunction(_ levels: [Variable]) throws(TensorError) -> Proposals {
        var outputs: Variable?
        var features: Variable?
        var centres: [(x: Float, y: Float, stride: Float)] = []
        for (index, level) in levels.enumerated() {
            let (height, width) = (level.shape[1], level.shape[2])
            var x = try gelu(norm1(conv1(level)))
            x = try gelu(norm2(conv2(x)))
            x = try reshape(x, [1, height * width, x.shape[3]])
            let said = try output(x)
            outputs = if let before = outputs { try concatenate(before, said) } else { said }
            features = if let before = features { try concatenate(before, x) } else { x }
            let stride = Float(8 << index)
            for row in 0..<height {
                for column in 0..<width {
                    centres.append(((Float(column) + 0.5) * stride, (Float(row) + 0.5) * stride, stride))
                }
            }
        }
        guard let outputs, let features else {
            throw .shapeMismatch(operation: "dense head", expected: "at least one level", found: [0])
        }
        let numbers = outputs.value.elements
        let width = classes + 5
        let boxes = centres.enumerated().map { index, centre in
            let distance = (0..<4).map { side in
                exp(min(numbers[index * width + classes + side], Self.maximumLogDistance)) * centre.stride
            }
            return Box(
                x0: centre.x - distance[0], y0: centre.y - distance[1], x1: centre.x + distance[2],
                y1: centre.y + distance[3])
        }
        return Proposals(
            logits: try narrow(outputs, from: 0, count: classes), features: features, boxes: boxes,
            quality: centres.indices.map { numbers[$0 * width + classes + 4] })
    }
}
