import Tensors

/// The parts of an ONNX file as messages; numbers of fields and kinds as in `onnx.proto`, IR version 8.
/// <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>

/// `TensorProto.DataType`.
enum ONNXElement: Int, Sendable {
    case float32 = 1
    case int64 = 7
}

/// `AttributeProto`.
enum ONNXAttribute: Sendable, Hashable {
    case integer(Int)
    case integers([Int])
    case float(Float)

    func message(name: String) -> ProtobufMessage {
        var message = ProtobufMessage()
        message.add(1, text: name)
        // Field 20 is the kind.
        switch self {
        case .float(let value):
            message.add(2, float: value)
            message.add(20, integer: 1)
        case .integer(let value):
            message.add(3, integer: value)
            message.add(20, integer: 2)
        case .integers(let values):
            message.add(8, integers: values)
            message.add(20, integer: 7)
        }
        return message
    }
}

/// `NodeProto`: an operation.
struct ONNXNode: Sendable {
    var name: String
    var operation: String
    var inputs: [String]
    var outputs: [String]
    var attributes: [(name: String, value: ONNXAttribute)]

    var message: ProtobufMessage {
        var message = ProtobufMessage()
        for input in inputs { message.add(1, text: input) }
        for output in outputs { message.add(2, text: output) }
        message.add(3, text: name)
        message.add(4, text: operation)
        for (name, value) in attributes { message.add(5, message: value.message(name: name)) }
        return message
    }
}

/// `TensorProto`: a tensor that is part of the file.
struct ONNXInitializer: Sendable {
    enum Content: Sendable {
        case floats(Tensor)
        case integers([Int64])
    }

    var name: String
    var shape: [Int]
    var content: Content

    var message: ProtobufMessage {
        var message = ProtobufMessage()
        message.add(1, integers: shape)
        switch content {
        case .floats(let tensor):
            message.add(2, integer: ONNXElement.float32.rawValue)
            message.add(8, text: name)
            tensor.withUnsafeElements { message.add(9, raw: UnsafeRawBufferPointer($0)) }
        case .integers(let values):
            message.add(2, integer: ONNXElement.int64.rawValue)
            message.add(8, text: name)
            values.withUnsafeBytes { message.add(9, raw: $0) }
        }
        return message
    }
}

extension ONNXGraph.Value {
    /// `ValueInfoProto` of float32.
    func message(documentation: String) -> ProtobufMessage {
        var (extents, tensor, type, message) = (
            ProtobufMessage(), ProtobufMessage(), ProtobufMessage(), ProtobufMessage()
        )
        for extent in shape {
            var dimension = ProtobufMessage()
            dimension.add(1, integer: extent)
            extents.add(1, message: dimension)
        }
        tensor.add(1, integer: ONNXElement.float32.rawValue)
        tensor.add(2, message: extents)
        type.add(1, message: tensor)
        message.add(1, text: name)
        message.add(2, message: type)
        message.add(3, text: documentation)
        return message
    }
}

extension ONNXGraph {
    /// `ModelProto` with the graph, operators of the standard's set 17.
    ///
    /// - Parameter metadata: pairs that readers show beside the model, in this order.
    func model(
        name: String, producer: (name: String, version: String), documentation: String,
        metadata: [(key: String, value: String)]
    ) -> [UInt8] {
        var graph = ProtobufMessage()
        for node in nodes { graph.add(1, message: node.message) }
        graph.add(2, text: name)
        for initializer in initializers { graph.add(5, message: initializer.message) }
        for (value, text) in inputs { graph.add(11, message: value.message(documentation: text)) }
        for (value, text) in outputs { graph.add(12, message: value.message(documentation: text)) }
        var operators = ProtobufMessage()
        operators.add(1, text: "")
        operators.add(2, integer: 17)
        var model = ProtobufMessage()
        model.add(1, integer: 8)
        model.add(2, text: producer.name)
        model.add(3, text: producer.version)
        model.add(6, text: documentation)
        model.add(7, message: graph)
        model.add(8, message: operators)
        for (key, value) in metadata {
            var pair = ProtobufMessage()
            pair.add(1, text: key)
            pair.add(2, text: value)
            model.add(14, message: pair)
        }
        return model.bytes
    }
}
