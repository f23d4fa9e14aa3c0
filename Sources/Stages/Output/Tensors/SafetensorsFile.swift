import Files
import Pipelines
import Volumes

/// A safetensors file: the length of a JSON header, the header, and the arrays one behind the other.
///
/// Source: huggingface/safetensors, "Format". The header is padded with spaces so that data begins at a multiple of 8.
enum SafetensorsFile {
    /// - Parameter metadata: texts by name.
    static func file(_ arrays: [TensorArray], metadata: [JSONValue.Member]) -> OutputFile {
        var (json, offset): (JSONValue, Int) = (["__metadata__": .object(metadata)], 0)
        for array in arrays {
            json.set(
                array.name,
                [
                    "dtype": .string(array.bytes.type.safetensorsName),
                    "shape": .array(array.shape.map { .integer($0) }),
                    "data_offsets": [.integer(offset), .integer(offset + array.bytes.byteCount)],
                ])
            offset += array.bytes.byteCount
        }
        var text = json.text()
        text += String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
        let header = (0..<8).map { UInt8(truncatingIfNeeded: text.utf8.count >> (8 * $0)) } + Array(text.utf8)
        return OutputFile(suffix: ".safetensors") { (sink) throws(FileError) in
            try sink.write(header)
            for array in arrays { try array.bytes.write(to: sink) }
        }
    }

    /// What the axes are, and the boxes' labels, which are no numbers.
    static func metadata(_ item: Item) -> [JSONValue.Member] {
        var result = [JSONValue.Member("layout", "channels, depth, height, width")]
        if !item.boxes.isEmpty {
            result.append(.init("box_labels", .string(JSONValue.array(item.boxes.map { .string($0.label) }).text())))
        }
        return result
    }
}
