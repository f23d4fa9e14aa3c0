import Tensors

/// Layers as nodes. Tokens are the rows of a matrix `[tokens, channels]`, as in a plan; images are `[1, channels, height, width]`,
/// as ONNX's convolutions have them.
///
/// `place` tells nodes apart where one layer is used at several levels.
extension ONNXGraph {
    mutating func linear(_ name: String, _ x: Value, at place: String = "") throws(TensorError) -> Value {
        let (weight, bias) = (try weight(name + ".weight"), try weight(name + ".bias"))
        return add(
            "Gemm", name + place, [x, weight, bias], shape: [x.shape[0], weight.shape[0]], ["transB": .integer(1)])
    }

    mutating func norm(_ name: String, _ x: Value, at place: String = "") throws(TensorError) -> Value {
        let (gain, bias) = (try weight(name + ".weight"), try weight(name + ".bias"))
        return add(
            "LayerNormalization", name + place, [x, gain, bias], shape: x.shape,
            ["axis": .integer(-1), "epsilon": .float(1e-5)])
    }

    /// A square convolution of an image whose sides the stride divides.
    mutating func convolution(
        _ name: String, _ x: Value, stride: Int = 1, padding: Int, groups: Int = 1, at place: String = ""
    ) throws(TensorError) -> Value {
        let (weight, bias) = (try weight(name + ".weight"), try weight(name + ".bias"))
        let kernel = weight.shape[2]
        let side = (x.shape[2] + 2 * padding - kernel) / stride + 1
        return add(
            "Conv", name + place, [x, weight, bias], shape: [1, weight.shape[0], side, side],
            [
                "kernel_shape": .integers([kernel, kernel]), "strides": .integers([stride, stride]),
                "pads": .integers([padding, padding, padding, padding]), "group": .integer(groups),
            ])
    }

    /// GELU in its tanh form, which the operators of set 17 do not have; in the order of products that ONNX Runtime knows again
    /// as one operation.
    mutating func gelu(_ name: String, _ x: Value) -> Value {
        func named(_ part: String) -> String { "\(name).\(part)" }
        let cubic = binary("Mul", named("cubic"), binary("Mul", named("part"), x, scalar(0.044715)), x)
        let slope = binary("Mul", named("scaled"), x, scalar(0.797_884_56))  // sqrt(2 / pi)
        let inner = binary("Mul", named("inner"), slope, binary("Add", named("slope"), cubic, scalar(1)))
        let tanh = add("Tanh", named("tanh"), [inner], shape: x.shape)
        let half = binary("Mul", named("half"), x, scalar(0.5))
        return binary("Mul", name, half, binary("Add", named("gate"), tanh, scalar(1)))
    }

    /// An operation on two values; the second has the first one's shape or is repeated to fit it.
    mutating func binary(_ operation: String, _ name: String, _ x: Value, _ y: Value) -> Value {
        add(operation, name, [x, y], shape: x.shape)
    }

    mutating func unary(_ operation: String, _ name: String, _ x: Value) -> Value {
        add(operation, name, [x], shape: x.shape)
    }

    mutating func clip(_ name: String, _ x: Value, from low: Float, to high: Float) -> Value {
        add("Clip", name, [x, scalar(low), scalar(high)], shape: x.shape)
    }

    mutating func reshape(_ name: String, _ x: Value, _ shape: [Int]) -> Value {
        precondition(shape.reduce(1, *) == x.shape.reduce(1, *), "\(name): \(x.shape) is not \(shape)")
        return add("Reshape", name, [x, integers(shape)], shape: shape)
    }

    mutating func transpose(_ name: String, _ x: Value, _ axes: [Int]) -> Value {
        add("Transpose", name, [x], shape: axes.map { x.shape[$0] }, ["perm": .integers(axes)])
    }

    mutating func concatenate(_ name: String, _ parts: [Value], axis: Int) -> Value {
        var shape = parts[0].shape
        shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
        return add("Concat", name, parts, shape: shape, ["axis": .integer(axis)])
    }

    /// The parts of a matrix along its columns, so many in each.
    mutating func split(_ name: String, _ x: Value, _ parts: KeyValuePairs<String, Int>) -> [Value] {
        let results = parts.map { Value(name: $0.key, shape: [x.shape[0], $0.value]) }
        add("Split", name, [x, integers(parts.map { $0.value })], results: results, ["axis": .integer(1)])
        return results
    }

    /// Rows of a matrix by a table `[rows]`, or `[rows, n]` for n rows side by side.
    mutating func gather(_ name: String, _ x: Value, _ table: Value) -> Value {
        let gathered = add("Gather", name, [x, table], shape: table.shape + [x.shape[1]], ["axis": .integer(0)])
        guard table.shape.count > 1 else { return gathered }
        return reshape(name + ".rows", gathered, [table.shape[0], table.shape[1] * x.shape[1]])
    }

    /// The token of the coarser grid under each of the finer, of `grid` tokens a side.
    mutating func upsample(_ name: String, _ x: Value, to grid: Int) -> Value {
        let rows = TokenTables.upsampled(grid: grid).map { Int($0) }
        return gather(name, x, table("upsampled.\(grid)", rows))
    }

    /// `[1, channels, height, width]` to tokens, row by row.
    mutating func tokens(_ name: String, _ image: Value) -> Value {
        let (channels, count) = (image.shape[1], image.shape[2] * image.shape[3])
        return transpose(name, reshape(name + ".flat", image, [channels, count]), [1, 0])
    }

    /// The opposite of `tokens`, for a square grid.
    mutating func image(_ name: String, _ tokens: Value, grid: Int) -> Value {
        reshape(name, transpose(name + ".flat", tokens, [1, 0]), [1, tokens.shape[1], grid, grid])
    }
}
