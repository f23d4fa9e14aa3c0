import Files
import Pipelines
import Volumes

/// A file that is a small header and then the voxels as they lie in memory: Float32, `[channels, depth, height, width]`,
/// C order, little endian.
enum RawTensor {
    static func npy(_ volume: Volume) -> OutputFile { file(".npy", header: numpyHeader(volume.shape), volume) }

    static func safetensors(_ volume: Volume) -> OutputFile {
        file(".safetensors", header: safetensorsHeader(volume.shape), volume)
    }

    /// Written from where the voxels are: a second copy of a large volume is not made.
    private static func file(_ suffix: String, header: [UInt8], _ volume: Volume) -> OutputFile {
        OutputFile(suffix: suffix) { (sink) throws(FileError) in
            try sink.write(header)
            switch volume.storage {
            case .floats(let values): try sink.write(values: values)
            case .words: try writeByChunks(volume.storage, to: sink)
            }
        }
    }
}

/// The values of words, a part at a time: the whole would need twice the memory of the words.
private func writeByChunks(_ voxels: Voxels, to sink: borrowing FileSink) throws(FileError) {
    let length = 1 << 18
    var chunk = [Float](repeating: 0, count: min(length, voxels.count))
    for start in stride(from: 0, to: voxels.count, by: length) {
        let range = start..<min(start + length, voxels.count)
        if range.count < chunk.count { chunk.removeLast(chunk.count - range.count) }
        chunk.withUnsafeMutableBufferPointer { voxels.copy(range, to: $0.baseAddress!) }
        try sink.write(values: chunk)
    }
}

/// NPY format version 1.0; the data begins at a multiple of 64 bytes.
private func numpyHeader(_ shape: Shape) -> [UInt8] {
    let sizes = "\(shape.channels), \(shape.depth), \(shape.height), \(shape.width)"
    var text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(sizes)), }"
    text += String(repeating: " ", count: 64 - (10 + text.utf8.count + 1) % 64) + "\n"
    let length = text.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8)
}

/// One tensor called "image"; the header is padded so that data begins at a multiple of 8 bytes.
private func safetensorsHeader(_ shape: Shape) -> [UInt8] {
    let json: JSONValue = [
        "__metadata__": ["layout": "channels, depth, height, width"],
        "image": [
            "dtype": "F32",
            "shape": [.integer(shape.channels), .integer(shape.depth), .integer(shape.height), .integer(shape.width)],
            "data_offsets": [0, .integer(shape.count * 4)],
        ],
    ]
    var text = json.text()
    text += String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
    return (0..<8).map { UInt8(truncatingIfNeeded: text.utf8.count >> (8 * $0)) } + Array(text.utf8)
}
