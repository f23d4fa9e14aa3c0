/// The tensors of one safetensors file, to be taken by name. What nobody takes is an error: see `finish`.
///
/// Format: an 8-byte little-endian header length, a JSON header of `name: {dtype, shape, data_offsets}`, then the bytes.
/// <https://github.com/huggingface/safetensors>. Every range is checked against the file, the shape and its neighbours;
/// F32, BF16 and I8 are read, all as float32: an I8 tensor takes the scales of its first dimension from `NAME.scale`.
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
                    let range = header.dataStart + entry.begin..<header.dataStart + entry.end
                    entry.type.expand(UnsafeRawBufferPointer(rebasing: source[range]), into: out)
                }
            }
            if let index = tensor.firstNotFinite {
                throw .weights(path: path, tensor: entry.name, .notFinite(index: index))
            }
            tensors[entry.name] = tensor
        }
        for entry in header.entries where entry.type == .int8 {
            let name = StoredType.scaleName(entry.name)
            let rows = entry.shape.extents.first ?? 1
            guard let scales = tensors.removeValue(forKey: name) else {
                throw .weights(path: path, tensor: name, .missing)
            }
            guard scales.shape == [rows] else {
                throw .weights(path: path, tensor: name, .wrongShape(expected: [rows], found: scales.shape))
            }
            tensors[entry.name]?.scaleRows(by: scales)
            if let index = tensors[entry.name]?.firstNotFinite {
                throw .weights(path: path, tensor: entry.name, .notFinite(index: index))
            }
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

extension Tensor {
    /// Multiplies all that belongs to an index of the first dimension by one number.
    fileprivate mutating func scaleRows(by scales: Tensor) {
        let length = count / max(scales.count, 1)
        withUnsafeMutableElements { elements in
            scales.withUnsafeElements { scales in
                for index in elements.indices { elements[index] *= scales[index / length] }
            }
        }
    }
}
