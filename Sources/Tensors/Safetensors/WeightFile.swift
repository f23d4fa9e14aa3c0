/// The tensors of one safetensors file, to be taken by name. What nobody takes is an error: see `finish`.
///
/// Format: an 8-byte little-endian header length, a JSON header of `name: {dtype, shape, data_offsets}`, then the bytes.
/// <https://github.com/huggingface/safetensors>. Every range is checked against the file, the shape and its neighbours;
/// only F32 is read.
public struct WeightFile: Sendable {
    public let path: String
    private var tensors: [String: Tensor]

    /// - Throws: `TensorError.weights`, naming the tensor at fault.
    public init(path: String) throws(TensorError) {
        try self.init(bytes: try readBytes(path), path: path)
    }

    /// - Parameter path: what errors shall name as the origin.
    public init(bytes: [UInt8], path: String) throws(TensorError) {
        self.path = path
        let header = try SafetensorsHeader(bytes, path: path)
        var tensors: [String: Tensor] = [:]
        for entry in header.entries {
            let tensor = Tensor(entry.shape) { out in
                bytes.withUnsafeBytes { source in
                    let start = header.dataStart + entry.begin
                    UnsafeMutableRawBufferPointer(out).copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: source[start..<start + out.count * 4]))
                }
            }
            if let index = tensor.withUnsafeElements({ $0.firstIndex { !$0.isFinite } }) {
                throw .weights(path: path, tensor: entry.name, .notFinite(index: index))
            }
            tensors[entry.name] = tensor
        }
        self.tensors = tensors
    }

    /// Names not taken yet, sorted.
    public var names: [String] { tensors.keys.sorted() }

    /// The number of elements not taken yet.
    public var parameterCount: Int { tensors.values.reduce(0) { $0 + $1.count } }

    /// Hands out a tensor once.
    ///
    /// - Throws: `.missing` or `.wrongShape`.
    public mutating func take(_ name: String, _ shape: Shape) throws(TensorError) -> Tensor {
        guard let tensor = tensors.removeValue(forKey: name) else { throw .weights(path: path, tensor: name, .missing) }
        guard tensor.shape == shape else {
            throw .weights(path: path, tensor: name, .wrongShape(expected: shape, found: tensor.shape))
        }
        return tensor
    }

    /// Hands out a tensor once, whatever its shape.
    public mutating func take(_ name: String) throws(TensorError) -> Tensor {
        guard let tensor = tensors.removeValue(forKey: name) else { throw .weights(path: path, tensor: name, .missing) }
        return tensor
    }

    /// - Throws: `.unexpected` for a tensor that was not taken.
    public func finish() throws(TensorError) {
        if let name = names.first { throw .weights(path: path, tensor: name, .unexpected) }
    }
}
