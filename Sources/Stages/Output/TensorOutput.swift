import Files
import NIfTI
import PNG
import Pipelines
import Volumes

extension Output<Item> {
    /// `tensors: npy`: the voxels, Float32, `[channels, depth, height, width]`, C order.
    static let tensors = Output(
        name: "tensors", summary: "Float32 voxels [channels, depth, height, width]; nifti keeps the geometry.",
        formats: ["npy", "safetensors", "nifti"], requires: [.image]
    ) { item, format in
        let volume = item.volume
        switch format {
        case "npy":
            return [raw(".npy", header: numpyHeader(volume.shape), volume)]
        case "safetensors":
            return [raw(".safetensors", header: safetensorsHeader(volume.shape), volume)]
        default:
            var options = WritingOptions()
            options.storage = .float32
            let writer = try NIfTIWriter(volume, options: options)
            return [OutputFile(suffix: writer.suffix) { (sink) throws(FileError) in try writer.write(to: sink) }]
        }
    }

    /// `images: png`: 8-bit grey, one picture a slice.
    static let images = Output(
        name: "images", summary: "Grey PNG, one a slice, of intensities in [0, 1].", formats: ["png"],
        requires: [.image, .normalized]
    ) { item, _ in
        let shape = item.volume.shape
        return try (0..<shape.depth).map { slice in
            let bytes = item.volume.slice(slice).map { UInt8((min(max($0, 0), 1) * 255).rounded()) }
            return OutputFile(
                suffix: shape.depth == 1 ? ".png" : ".slice-\(slice + 1).png",
                bytes: try PNGFile.encode(width: shape.width, height: shape.height, channels: 1, bytes: bytes))
        }
    }

    /// A header and the voxels behind it, written from where they are: a second copy of a large volume is not made.
    private static func raw(_ suffix: String, header: [UInt8], _ volume: Volume) -> OutputFile {
        OutputFile(suffix: suffix) { (sink) throws(FileError) in
            try sink.write(header)
            try sink.write(values: volume.voxels)
        }
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
