import Files
import NIfTI
import Pipelines
import Volumes

extension Output<Item> {
    /// `masks: npy`: the labels of each mask that the item carries, on the grid of its tensor.
    static let masks = Output(
        name: "masks", summary: "Labels [depth, height, width] of every mask, as uint8; nifti keeps the geometry.",
        formats: ["npy", "nifti"], requires: [.image]
    ) { item, format, workers in
        try item.masks.sorted { $0.key < $1.key }.map { name, mask in
            if format == "npy" { return OutputFile(suffix: ".mask-\(name).npy", bytes: numpyFile(mask)) }
            var options = WritingOptions()
            options.workers = workers
            let writer = try NIfTIWriter(mask.volume, options: options)
            return OutputFile(suffix: ".mask-\(name)\(writer.suffix)") { (sink) throws(FileError) in
                try writer.write(to: sink)
            }
        }
    }
}

/// NPY format version 1.0; the data begins at a multiple of 64 bytes.
private func numpyFile(_ mask: Mask) -> [UInt8] {
    let shape = mask.shape
    var text = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(shape.depth), \(shape.height), \(shape.width)), }"
    text += String(repeating: " ", count: 64 - (10 + text.utf8.count + 1) % 64) + "\n"
    let length = text.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)] + Array(text.utf8)
        + mask.labels
}
