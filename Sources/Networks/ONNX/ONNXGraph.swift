import Tensors

/// An ONNX graph as it grows: operations in the order in which they are computed, and the tensors that they need.
///
/// Values, nodes and weights bear the names of the network's parts, as in `weights.safetensors`.
struct ONNXGraph: Sendable {
    /// A tensor of float32 somewhere in the graph.
    struct Value: Sendable, Hashable {
        let name: String
        let shape: [Int]
    }

    private let weights: [String: Tensor]
    private(set) var nodes: [ONNXNode] = []
    private(set) var initializers: [ONNXInitializer] = []
    private(set) var inputs: [(value: Value, documentation: String)] = []
    private(set) var outputs: [(value: Value, documentation: String)] = []
    private var known: Set<String> = []

    /// - Parameter weights: those of the network by name, shaped as PyTorch has them; only what is used goes into the file.
    init(_ weights: [String: Tensor]) { self.weights = weights }

    mutating func input(_ name: String, _ shape: [Int], documentation: String) -> Value {
        let value = Value(name: name, shape: shape)
        inputs.append((value, documentation))
        return value
    }

    mutating func output(_ value: Value, documentation: String) { outputs.append((value, documentation)) }

    /// An operation with one result, which bears its name.
    mutating func add(
        _ operation: String, _ name: String, _ inputs: [Value], shape: [Int],
        _ attributes: KeyValuePairs<String, ONNXAttribute> = [:]
    ) -> Value {
        let result = Value(name: name, shape: shape)
        add(operation, name, inputs, results: [result], attributes)
        return result
    }

    mutating func add(
        _ operation: String, _ name: String, _ inputs: [Value], results: [Value],
        _ attributes: KeyValuePairs<String, ONNXAttribute> = [:]
    ) {
        for result in results {
            precondition(known.insert(result.name).inserted, "two values are called \(result.name)")
        }
        nodes.append(
            ONNXNode(
                name: name, operation: operation, inputs: inputs.map(\.name), outputs: results.map(\.name),
                attributes: attributes.map { ($0.key, $0.value) }))
    }

    /// A tensor of the network.
    ///
    /// - Parameter shape: its own unless given; as many elements.
    /// - Throws: `TensorError.weights` with `.missing`.
    mutating func weight(_ name: String, shape: [Int]? = nil) throws(TensorError) -> Value {
        guard let tensor = weights[name] else { throw .weights(path: "parameters", tensor: name, .missing) }
        return constant(name, tensor, shape: shape)
    }

    /// A tensor that is computed while the graph is made, once under one name.
    mutating func constant(_ name: String, _ tensor: Tensor, shape: [Int]? = nil) -> Value {
        let shape = shape ?? tensor.shape.extents
        precondition(shape.reduce(1, *) == tensor.count, "\(name) has \(tensor.shape), not \(shape)")
        if known.insert(name).inserted {
            initializers.append(ONNXInitializer(name: name, shape: shape, content: .floats(tensor)))
        }
        return Value(name: name, shape: shape)
    }

    /// One number, which fits any shape.
    mutating func scalar(_ number: Float) -> Value {
        constant("number.\(number)", Tensor(repeating: number, []))
    }

    /// Whole numbers that an operation takes as its input: a shape, widths, axes.
    mutating func integers(_ numbers: [Int]) -> Value {
        table("integers." + numbers.map(String.init).joined(separator: "x"), numbers)
    }

    /// Rows to be gathered, once under one name.
    mutating func table(_ name: String, _ rows: [Int], shape: [Int]? = nil) -> Value {
        let shape = shape ?? [rows.count]
        if known.insert(name).inserted {
            initializers.append(ONNXInitializer(name: name, shape: shape, content: .integers(rows.map { Int64($0) })))
        }
        return Value(name: name, shape: shape)
    }
}
