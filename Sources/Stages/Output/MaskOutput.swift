import Files
import NIfTI
import Pipelines
import Volumes

extension Output<Item> {
    /// `masks: nifti`: `ITEM.NAME.nii.gz` for each mask, on the grid of the image that is written.
    static let masks = Output(
        name: "masks",
        summary: "Labels on the grid of the image, uint8 [depth, height, width], one file a mask.",
        formats: ["nifti", "npy"], requires: [.image]
    ) { item, format, workers in
        guard format == "nifti" else { return maskFiles(item) }
        return try item.masks.keys.sorted().map { name in
            let mask = item.masks[name]!
            var options = WritingOptions()
            options.workers = workers
            let labels = mask.labels
            let voxels = VoxelSource(datatype: .uint8) { range, out in out.copyBytes(from: labels[range]) }
            let writer = try NIfTIWriter(
                shape: mask.shape, geometry: item.volume.geometry, voxels: voxels, rescale: nil, options: options)
            return OutputFile(suffix: ".\(name)\(writer.suffix)") { (sink) throws(FileError) in
                try writer.write(to: sink)
            }
        }
    }

    /// `boxes: json`: `ITEM.boxes.json`, also of an item that has none.
    static let boxes = Output(
        name: "boxes", summary: "Boxes on the grid of the image, in voxel edges, with their labels.",
        formats: ["json"], requires: [.image]
    ) { item, _, _ in [boxFile(item)] }
}

/// `ITEM.NAME.npy` for each mask.
func maskFiles(_ item: Item) -> [OutputFile] {
    item.masks.keys.sorted().map { name in
        NPYFile.file(.mask(item.masks[name]!, named: name), suffix: ".\(name).npy")
    }
}

/// The boxes as `BoxFile` reads them again.
func boxFile(_ item: Item) -> OutputFile {
    let shape = item.volume.shape
    let json: JSONValue = [
        "coordinates": "voxel edges: [x0, y0, z0, x1, y1, z1], x along columns, z along slices from 0",
        "shape": [.integer(shape.depth), .integer(shape.height), .integer(shape.width)],
        "boxes": .array(
            item.boxes.map { box in
                let (low, high) = (box.box.lower, box.box.upper)
                return [
                    "label": .string(box.label),
                    "box": .array([low.x, low.y, low.z, high.x, high.y, high.z].map { .number($0) }),
                ]
            }),
    ]
    return OutputFile(suffix: ".boxes.json", text: json.text(indented: true) + "\n")
}
