import CKernels

/// Writes down the steps of a network, in order; nothing is computed yet.
///
/// Every operation takes and gives matrices. Where an operand has another format than a product needs, the conversion is a
/// step of its own, done on rows that are still in the cache.
public final class PlanBuilder {
    public let backend: Backend
    private(set) var steps: [any Step] = []
    private(set) var matrices: [Matrix] = []
    private(set) var inputs: [Matrix] = []
    /// With the tensors that the keys name, which must not make room for others meanwhile.
    private var packed: [PackedKey: (weights: PackedWeights, weight: Tensor, bias: Tensor)] = [:]
    /// Bytes of all packed weights.
    var weightBytes: Int { packed.values.reduce(0) { $0 + $1.weights.byteCount } }

    init(_ backend: Backend) { self.backend = backend }

    /// A matrix that each run is given, float32.
    public func input(rows: Int, columns: Int) -> Matrix {
        let matrix = matrix(rows, columns, .float32)
        inputs.append(matrix)
        return matrix
    }

    /// `activation(x Wᵀ + b) + residual`, as `affine`.
    ///
    /// - Parameters:
    ///   - weight: `[out, in]`; `bias` is `[out]`.
    ///   - precision: of the product; the backend's unless said otherwise.
    ///   - result: how the result is stored; `.int8` is no place to store.
    public func product(
        _ x: Matrix, weight: Tensor, bias: Tensor, isGELU: Bool = false, adding residual: Addend = .nothing,
        in precision: Precision? = nil, as result: Precision
    ) throws(TensorError) -> Matrix {
        let precision = precision ?? backend.precision
        guard weight.shape.rank == 2, weight.shape[1] == x.columns, x.columns > 0, x.rows > 0 else {
            throw .shapeMismatch(operation: "product weight", expected: "[out, \(x.columns)]", found: weight.shape)
        }
        let columns = weight.shape[0]
        guard bias.shape == [columns] else {
            throw .shapeMismatch(operation: "product bias", expected: "[\(columns)]", found: bias.shape)
        }
        guard result != .int8 else {
            throw .shapeMismatch(operation: "product result", expected: "fp32 or bf16", found: [x.rows, columns])
        }
        try residual.check(rows: x.rows, columns: columns)
        let operand = converted(x, to: Matrix.Format(precision))
        let output = matrix(x.rows, columns, Matrix.Format(result))
        let packed = packed(weight, bias, precision, isGELU: isGELU)
        if let oneDNN = packed.oneDNN {
            let block = Schedule.block(rows: x.rows, preferred: 128)
            try oneDNN.prepare(rows: min(block, x.rows), stride: operand.stride)
            try oneDNN.prepare(rows: x.rows % block, stride: operand.stride)
        }
        steps.append(ProductStep(operand: operand, weights: packed, residual: residual.kind, output: output))
        return output
    }

    /// Layer normalisation over columns, then GELU where asked for. Epsilon 1e-5.
    ///
    /// - Parameters:
    ///   - addend: `[rows, columns]`, added last: learned positions.
    ///   - result: the format of what reads it next; `.int8` only for products.
    public func normalized(
        _ x: Matrix, gain: Tensor, bias: Tensor, isGELU: Bool = false, adding addend: Tensor? = nil,
        as result: Precision
    ) throws(TensorError) -> Matrix {
        if let addend, addend.shape != [x.rows, x.columns] {
            throw .shapeMismatch(
                operation: "layer norm addend", expected: "[\(x.rows), \(x.columns)]", found: addend.shape)
        }
        for parameter in [gain, bias] where parameter.shape != [x.columns] {
            throw .shapeMismatch(operation: "layer norm", expected: "[\(x.columns)]", found: parameter.shape)
        }
        guard x.format != .int8 else {
            throw .shapeMismatch(operation: "layer norm", expected: "fp32 or bf16", found: [x.rows, x.columns])
        }
        let output = matrix(x.rows, x.columns, Matrix.Format(result))
        steps.append(ConvertStep(input: x, norm: (gain, bias), isGELU: isGELU, addend: addend, output: output))
        return output
    }

    /// Row r is rows `table[width * r ..< width * (r + 1)]` side by side, zeros for -1.
    public func gathered(_ x: Matrix, _ table: [Int32], width: Int) throws(TensorError) -> Matrix {
        guard width > 0, table.count % width == 0, x.format != .int8,
            table.allSatisfy({ $0 >= -1 && Int($0) < x.rows })
        else {
            throw .shapeMismatch(operation: "gather", expected: "rows of the table", found: [x.rows, x.columns])
        }
        let output = matrix(table.count / width, width * x.columns, x.format)
        steps.append(GatherStep(input: x, table: table, width: width, output: output))
        return output
    }

    /// `relu6(depthwise(relu6(x)))`: of one square image whose positions are the rows, row by row.
    ///
    /// - Parameters:
    ///   - weight: `[kernel, kernel, channels]`; `bias` is `[channels]`.
    ///   - grid: positions along a side of the image.
    /// - Returns: in the format of `x`, one row a position.
    public func depthwise(
        _ x: Matrix, weight: Tensor, bias: Tensor, grid: Int, stride: Int, padding: Int
    ) throws(TensorError) -> Matrix {
        guard x.format != .int8, x.rows == grid * grid, bias.shape == [x.columns] else {
            throw .shapeMismatch(
                operation: "depthwise convolution", expected: "[\(grid * grid), channels], a bias each",
                found: [x.rows, x.columns])
        }
        let shape = try network_patch_shape(
            depthwise: [1, grid, grid, x.columns], weight.shape, stride: stride, padding: padding)
        let output = matrix(shape.outHeight * shape.outWidth, x.columns, x.format)
        steps.append(DepthwiseStep(input: x, weight: weight, bias: bias, shape: shape, output: output))
        return output
    }

    /// Softmax attention of `images` images whose rows come one after the other: `[queries, channels]`.
    ///
    /// - Parameter channels: of all heads together.
    public func attention(
        _ queries: Heads, _ keys: Heads, _ values: Heads, images: Int, heads: Int, channels: Int
    ) throws(TensorError) -> Matrix {
        let format = queries.matrix.format
        for part in [queries, keys, values] {
            guard part.matrix.format == format, format != .int8, images > 0, part.matrix.rows % images == 0,
                part.firstColumn >= 0, part.firstColumn + channels <= part.matrix.columns
            else {
                throw .shapeMismatch(
                    operation: "attention", expected: "[tokens of \(images) images, \(channels) channels]",
                    found: [part.matrix.rows, part.matrix.columns])
            }
        }
        guard heads > 0, channels > 0, channels % heads == 0, keys.matrix.rows == values.matrix.rows,
            keys.matrix.rows > 0
        else {
            throw .shapeMismatch(
                operation: "attention", expected: "channels of \(heads) heads, a value for each key",
                found: [values.matrix.rows, channels])
        }
        let output = matrix(queries.matrix.rows, channels, format)
        steps.append(
            AttentionStep(
                queries: queries, keys: keys, values: values, images: images, heads: heads,
                kernel: backend.kernel(for: format == .float32 ? .float32 : .bfloat16), output: output))
        return output
    }

    /// What attention reads and residual-free activations are kept in: int8 has no place for them.
    public var activationPrecision: Precision { backend.precision == .float32 ? .float32 : .bfloat16 }

    /// The same numbers in another format.
    ///
    /// - Parameter addend: `[rows, columns]`, added to them: learned positions.
    public func copy(_ x: Matrix, as result: Precision, adding addend: Tensor? = nil) throws(TensorError) -> Matrix {
        guard x.format != .int8, addend.map({ $0.shape == [x.rows, x.columns] }) ?? true else {
            throw .shapeMismatch(
                operation: "copy", expected: "fp32 or bf16, and an addend of the same shape",
                found: [x.rows, x.columns])
        }
        guard let addend else { return converted(x, to: Matrix.Format(result)) }
        let output = matrix(x.rows, x.columns, Matrix.Format(result))
        steps.append(ConvertStep(input: x, norm: nil, isGELU: false, addend: addend, output: output))
        return output
    }

    private func converted(_ x: Matrix, to format: Matrix.Format) -> Matrix {
        if x.format == format { return x }
        let output = matrix(x.rows, x.columns, format)
        steps.append(ConvertStep(input: x, norm: nil, isGELU: false, addend: nil, output: output))
        return output
    }

    /// Packs weights once that serve several products: a head over all levels.
    private func packed(_ weight: Tensor, _ bias: Tensor, _ precision: Precision, isGELU: Bool) -> PackedWeights {
        let key = PackedKey(weight: weight.identity, bias: bias.identity, precision: precision, isGELU: isGELU)
        if let known = packed[key] { return known.weights }
        let weights = PackedWeights(
            weight: weight, bias: bias, precision: precision, kernel: backend.kernel(for: precision), isGELU: isGELU)
        packed[key] = (weights, weight, bias)
        return weights
    }

    private struct PackedKey: Hashable {
        var weight: ObjectIdentifier
        var bias: ObjectIdentifier
        var precision: Precision
        var isGELU: Bool
    }

    private func matrix(_ rows: Int, _ columns: Int, _ format: Matrix.Format) -> Matrix {
        matrices.append(Matrix(index: matrices.count, rows: rows, columns: columns, format: format))
        return matrices[matrices.count - 1]
    }
}

/// What a product adds to its rows; float32.
public struct Addend: Sendable {
    let kind: ProductStep.Residual

    public static let nothing = Addend(kind: .none)

    /// The same rows of another matrix: the residual path.
    public static func matrix(_ matrix: Matrix) -> Addend { Addend(kind: .matrix(matrix)) }

    /// Row `table[r]` to row r.
    public static func rows(of matrix: Matrix, _ table: [Int32]) -> Addend { Addend(kind: .rows(matrix, table)) }

    /// A tensor `[rows, columns]`: learned positions.
    public static func constant(_ tensor: Tensor) -> Addend { Addend(kind: .constant(tensor)) }

    func check(rows: Int, columns: Int) throws(TensorError) {
        func require(_ condition: Bool, _ found: Shape) throws(TensorError) {
            guard condition else {
                throw .shapeMismatch(operation: "product addend", expected: "fp32 [\(rows), \(columns)]", found: found)
            }
        }
        switch kind {
        case .none: break
        case .matrix(let m):
            try require(m.rows == rows && m.columns == columns && m.format == .float32, [m.rows, m.columns])
        case .rows(let m, let table):
            try require(
                table.count == rows && m.columns == columns && m.format == .float32
                    && table.allSatisfy { $0 >= 0 && Int($0) < m.rows }, [m.rows, m.columns])
        case .constant(let tensor): try require(tensor.shape == [rows, columns], tensor.shape)
        }
    }
}
