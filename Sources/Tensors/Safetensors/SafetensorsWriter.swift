import Foundation

/// The bytes of a safetensors file.
public func safetensorsBytes(_ tensors: [String: Tensor], metadata: [String: String] = [:]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(tensors.values.reduce(1 << 16) { $0 + 4 * $1.count })
    forEachSafetensorsPart(tensors, metadata: metadata) { bytes.append(contentsOf: $0) }
    return bytes
}

/// Hands out a safetensors file part by part, so that nobody needs to hold it whole: the header, padded with spaces to 8 bytes
/// as the reference does, then the tensors by name.
public func forEachSafetensorsPart<Failure: Error>(
    _ tensors: [String: Tensor], metadata: [String: String] = [:],
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
) throws(Failure) {
    let sorted = tensors.sorted { $0.key < $1.key }
    var fields: [String] = []
    if !metadata.isEmpty {
        let pairs = metadata.sorted { $0.key < $1.key }.map { quoted($0.key) + ":" + quoted($0.value) }
        fields.append("\"__metadata__\":{" + pairs.joined(separator: ",") + "}")
    }
    var offset = 0
    for (name, tensor) in sorted {
        let end = offset + 4 * tensor.count
        let shape = tensor.shape.extents.map(String.init).joined(separator: ",")
        fields.append("\(quoted(name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
        offset = end
    }
    var header = Array(("{" + fields.joined(separator: ",") + "}").utf8)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    try (length + header).span.bytes.withUnsafeBytes { (part) throws(Failure) in try body(part) }
    for (_, tensor) in sorted {
        let result: Result<Void, Failure> = tensor.withUnsafeElements { elements in
            do throws(Failure) {
                try body(UnsafeRawBufferPointer(elements))
                return .success(())
            } catch { return .failure(error) }
        }
        try result.get()
    }
}

/// Writes a safetensors file whole or not at all.
public func writeSafetensors(
    _ tensors: [String: Tensor], metadata: [String: String] = [:], to path: String
) throws(TensorError) {
    do {
        try Data(safetensorsBytes(tensors, metadata: metadata)).write(to: URL(fileURLWithPath: path), options: .atomic)
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
