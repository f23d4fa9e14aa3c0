import Foundation

/// The bytes of a safetensors file: tensors sorted by name, header padded with spaces to 8 bytes, as the reference does.
///
/// - Parameter types: how tensors are held; F32 those that it does not name.
public func safetensorsBytes(
    _ tensors: [String: Tensor], metadata: [String: String] = [:], types: [String: StoredType] = [:]
) -> [UInt8] {
    var stored: [String: (type: StoredType, shape: Shape, bytes: [UInt8])] = [:]
    for (name, tensor) in tensors {
        let type = types[name] ?? .float32
        let (bytes, scales) = type.pack(tensor)
        stored[name] = (type, tensor.shape, bytes)
        if let scales {
            stored[StoredType.scaleName(name)] = (.float32, scales.shape, StoredType.float32.pack(scales).bytes)
        }
    }
    let sorted = stored.sorted { $0.key < $1.key }
    var fields: [String] = []
    if !metadata.isEmpty {
        let pairs = metadata.sorted { $0.key < $1.key }.map { quoted($0.key) + ":" + quoted($0.value) }
        fields.append("\"__metadata__\":{" + pairs.joined(separator: ",") + "}")
    }
    var offset = 0
    for (name, tensor) in sorted {
        let end = offset + tensor.bytes.count
        let shape = tensor.shape.extents.map(String.init).joined(separator: ",")
        fields.append(
            "\(quoted(name)):{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
        )
        offset = end
    }
    var header = Array(("{" + fields.joined(separator: ",") + "}").utf8)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + offset)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: header)
    for (_, tensor) in sorted { bytes.append(contentsOf: tensor.bytes) }
    return bytes
}

/// Writes a safetensors file whole or not at all.
public func writeSafetensors(
    _ tensors: [String: Tensor], metadata: [String: String] = [:], types: [String: StoredType] = [:], to path: String
) throws(TensorError) {
    do {
        try Data(safetensorsBytes(tensors, metadata: metadata, types: types))
            .write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
        throw .weights(path: path, tensor: nil, .unwritable(error.localizedDescription))
    }
}

/// A JSON string.
private func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": out += "\\" + String(scalar)
        case _ where scalar.value < 0x20:
            let hex = String(scalar.value, radix: 16)
            out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        default: out.unicodeScalars.append(scalar)
        }
    }
    return out + "\""
}
