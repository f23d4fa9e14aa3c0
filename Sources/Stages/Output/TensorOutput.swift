import Files
import NIfTI
import Pipelines
import Transforms
import Volumes

extension Output<Item> {
    /// `tensors: npy`: the voxels, Float32, `[channels, depth, height, width]`, C order.
    static let tensors = Output(
        name: "tensors", summary: "Float32 voxels [channels, depth, height, width]; nifti keeps the geometry.",
        formats: ["npy", "safetensors", "nifti"], requires: [.image]
    ) { item, format, workers in
        var volume = item.volume
        switch format {
        case "npy": return [RawTensor.npy(volume)]
        case "safetensors": return [RawTensor.safetensors(volume)]
        default:
            var options = WritingOptions()
            options.storage = .float32
            options.workers = workers
            options.channels = FourthAxis(volume.attributes.channelAxis)
            // NIfTI has no place for a table.
            if volume.attributes.modalityLUT != nil { try volume.applyRescale() }
            let writer = try NIfTIWriter(volume, options: options)
            return [OutputFile(suffix: writer.suffix) { (sink) throws(FileError) in try writer.write(to: sink) }]
        }
    }

    /// `images: png`: 8 bits, one picture a slice.
    static let images = Output(
        name: "images", summary: "PNG, grey or colour, one a slice, of intensities in [0, 1].", formats: ["png"],
        requires: [.image, .normalized]
    ) { item, _, _ in try pictures(of: item.volume) }
}
