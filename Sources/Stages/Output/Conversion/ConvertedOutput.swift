import Files
import NIfTI
import Parallel
import Pipelines
import Transforms
import Volumes

extension Output<Item> {
    /// Images as files of another format.
    static func converted(_ options: ConversionOptions) -> Output {
        Output(
            name: "converted", summary: "The image as it is in another format.", formats: [options.name],
            requires: [.image]
        ) { item, _, workers in
            var volume = item.volume
            switch options.format {
            case .nifti:
                // NIfTI holds one slope for all voxels, no table, and knows no padding value.
                if volume.attributes.rescales.count > 1 || volume.attributes.modalityLUT != nil {
                    try volume.applyRescale()
                } else {
                    volume.fillPadding()
                }
                return [try nifti(volume, options, workers)] + DiffusionTables.files(volume)
            case .npy:
                try volume.applyRescale()
                return [NPYFile.file(try .image(volume, as: .float32), suffix: ".npy")]
                    + DiffusionTables.files(volume)
            case .safetensors:
                try volume.applyRescale()
                return [
                    SafetensorsFile.file(
                        [try .image(volume, as: .float32)],
                        metadata: [.init("layout", "channels, depth, height, width")])
                ] + DiffusionTables.files(volume)
            case .png:
                try volume.applyRescale()
                _ = try volume.applyDisplay()
                return try pictures(of: volume.flippedForDisplay())
            }
        }
    }

    private static func nifti(
        _ volume: Volume, _ options: ConversionOptions, _ workers: Workers
    ) throws(NIfTIError) -> OutputFile {
        var writing = WritingOptions()
        writing.version = options.version
        writing.compression = options.compression
        writing.storage = options.storage
        writing.workers = workers
        writing.channels = FourthAxis(volume.attributes.channelAxis)
        let writer = try NIfTIWriter(volume, options: writing)
        return OutputFile(suffix: writer.suffix) { (sink) throws(FileError) in try writer.write(to: sink) }
    }
}
