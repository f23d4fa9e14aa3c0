import Files
import NIfTI
import Parallel
import Pipelines
import Transforms
import Volumes

/// `tensors: { format: npy, dtype: float16 }`
struct TensorOptions: OutputOptions {
    static let parameters: [Parameter<TensorOptions>] = [
        .choice(
            "dtype", \.type,
            "Type of the elements, rounded to nearest even; uint8 is intensities in [0, 1] times 255."),
        .integer(
            "shardItems", \.shardItems, in: 1...1_000_000, unit: "items", "Most items of a tar file (webdataset only)."),
        .integer(
            "shardMegabytes", \.shardMegabytes, in: 1...1_000_000, unit: "MB",
            "Most bytes of a tar file; a larger item has one of its own (webdataset only)."),
    ]

    var type = ElementType.float32
    var shardItems = 1000
    var shardMegabytes = 1000

    func mistakes(format: String) -> [String] {
        var result: [String] = []
        if type == .bfloat16, format != "safetensors" {
            result.append("\(format) cannot say bfloat16; take safetensors, or float16")
        }
        if type == .float16, format == "nifti" {
            result.append("NIfTI has no float16; take float32 or uint8, or another format")
        }
        if format != "webdataset" {
            let initial = TensorOptions()
            if shardItems != initial.shardItems { result.append("shardItems is for webdataset, not for \(format)") }
            if shardMegabytes != initial.shardMegabytes {
                result.append("shardMegabytes is for webdataset, not for \(format)")
            }
        }
        return result
    }

    func requires(format: String) -> Set<Kind> { type == .uint8 ? [.unitRange] : [] }

    /// The samples of webdataset lie as NPY files until they are packed.
    func fileKind(format: String) -> String { format == "webdataset" ? "npy" : format }

    func readsOnce(format: String) -> Bool { format == "nifti" && type == .float32 }
}

extension Output<Item> {
    /// `tensors: npy`: the voxels, `[channels, depth, height, width]`, C order.
    static let tensors = Output(
        name: "tensors",
        summary:
            "Voxels [channels, depth, height, width]; nifti keeps the geometry, webdataset packs items into tar files.",
        formats: ["npy", "npz", "safetensors", "nifti", "webdataset"], requires: [.image], options: TensorOptions.self
    ) { item, format, options, workers in
        switch format {
        case "npy": return [NPYFile.file(try .image(item.volume, as: options.type), suffix: ".npy")]
        case "npz": return [try NPZFile(item, as: options.type).file]
        case "safetensors":
            return [SafetensorsFile.file(try item.arrays(as: options.type), metadata: SafetensorsFile.metadata(item))]
        case "webdataset":
            return [NPYFile.file(try .image(item.volume, as: options.type), suffix: ".npy")]
                + maskFiles(item) + (item.boxes.isEmpty ? [] : [boxFile(item)])
        default: return [try nifti(item.volume, options.type, workers)]
        }
    }

    private static func nifti(_ volume: Volume, _ type: ElementType, _ workers: Workers) throws -> OutputFile {
        var volume = volume
        var options = WritingOptions()
        options.storage = .float32
        options.workers = workers
        options.channels = FourthAxis(volume.attributes.channelAxis)
        // NIfTI has no place for a table.
        if volume.attributes.modalityLUT != nil { try volume.applyRescale() }
        let writer: NIfTIWriter
        if type == .uint8 {
            writer = try NIfTIWriter(
                shape: volume.shape, geometry: volume.geometry, voxels: try .unitBytes(of: volume.storage),
                rescale: Rescale(slope: 1.0 / 255, intercept: 0), options: options)
        } else {
            writer = try NIfTIWriter(volume, options: options)
        }
        return OutputFile(suffix: writer.suffix) { (sink) throws(FileError) in try writer.write(to: sink) }
    }

    /// `images: png`: 8 bits, one picture a slice.
    static let images = Output(
        name: "images", summary: "PNG, grey or colour, one a slice, of intensities in [0, 1].", formats: ["png"],
        requires: [.image, .unitRange]
    ) { item, _, _ in try pictures(of: item.volume) }
}

extension VoxelSource {
    /// Intensities in [0, 1] times 255, which a slope of 1/255 in the header takes back.
    /// - Throws: `.valueRange` where one is not.
    fileprivate static func unitBytes(of voxels: Voxels) throws(ItemError) -> VoxelSource {
        // The check; bytes are made again piece by piece, as the writer asks for them.
        _ = try TensorBytes(voxels, as: .uint8)
        return VoxelSource(datatype: .uint8) { range, out in writeUnitBytes(voxels, range, out) }
    }
}
