import Foundation

/// The bytes of a safetensors file.
///
/// - Parameter types: how tensors are held; F32 those that it does not name.
public func safetensorsBytes(
    _ tensors: [String: Tensor], metadata: [String: String] = [:], types: [String: StoredType] = [:]
) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(tensors.values.reduce(1 << 16) { $0 + 4 * $1.count })
    forEachSafetensorsPart(tensors, metadata: metadata, types: types) { bytes.append(contentsOf: $0) }
    return bytes
}

/// Hands out a safetensors file part by part, so that nobody needs to hold it whole: the header, padded with spaces to 8 bytes
/// as the reference does, then the tensors by name.
public func forEachSafetensorsPart<Failure: Error>(
    _ tensors: [String: Tensor], metadata: [String: String] = [:], types: [String: StoredType] = [:],
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
) throws(Failure) {
    let sorted = entries(tensors, types).sorted { $0.name < $1.name }
    var fields: [String] = []
    if !metadata.isEmpty {
        let pairs = metadata.sorted { $0.key < $1.key }.map { quoted($0.key) + ":" + quoted($0.value) }
        fields.append("\"__metadata__\":{" + pairs.joined(separator: ",") + "}")
    }
    var offset = 0
    for entry in sorted {
        let end = offset + entry.byteCount
        let shape = entry.shape.extents.map(String.init).joined(separator: ",")
        fields.append(
            "\(quoted(entry.name)):{\"dtype\":\"\(entry.type.rawValue)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}"
        )
        offset = end
    }
    var header = Array(("{" + fields.joined(separator: ",") + "}").utf8)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    try (length + header).span.bytes.withUnsafeBytes { (part) throws(Failure) in try body(part) }
    for entry in sorted { try entry.hand(to: body) }
}

/// A tensor as it stands in the file: its own elements, or what they were packed into.
private struct Entry {
    let name: String
    let type: StoredType
    let shape: Shape
    let tensor: Tensor
    let packed: [UInt8]?

    var byteCount: Int { packed?.count ?? 4 * tensor.count }

    func hand<Failure: Error>(to body: (UnsafeRawBufferPointer) throws(Failure) -> Void) throws(Failure) {
        if let packed {
            return try packed.span.bytes.withUnsafeBytes { (part) throws(Failure) in try body(part) }
        }
        let result: Result<Void, Failure> = tensor.withUnsafeElements { elements in
            do throws(Failure) {
                try body(UnsafeRawBufferPointer(elements))
                return .success(())
            } catch { return .failure(error) }
        }
        try result.get()
    }
}

private func entries(_ tensors: [String: Tensor], _ types: [String: StoredType]) -> [Entry] {
    tensors.flatMap { name, tensor -> [Entry] in
        let type = types[name] ?? .float32
        guard type != .float32 else {
            return [Entry(name: name, type: type, shape: tensor.shape, tensor: tensor, packed: nil)]
        }
        let (bytes, scales) = type.pack(tensor)
        let own = Entry(name: name, type: type, shape: tensor.shape, tensor: tensor, packed: bytes)
        let other = scales.map {
            Entry(name: StoredType.scaleName(name), type: .float32, shape: $0.shape, tensor: $0, packed: nil)
        }
        return [own] + (other.map { [$0] } ?? [])
    }
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
