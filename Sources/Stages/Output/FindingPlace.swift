import Volumes

/// Where a finding lies in the file as it was, whatever the stages did to the image that the model saw.
struct FindingPlace {
    /// On the grid of the file, voxel edges; all slices that it was seen in.
    let box: Box
    /// The slice that holds the middle of the strongest box, and that box.
    let keySlice: Int
    let keyBox: Box

    /// Nil where the grids cannot be brought together.
    init?(_ finding: Finding, in item: Item) {
        let (here, file, shape) = (item.volume.geometry, item.source.geometry, item.source.shape)
        guard let box = finding.box.mapped(from: here, to: file)?.clipped(to: shape),
            let keyBox = finding.keyBox.mapped(from: here, to: file)?.clipped(to: shape)
        else { return nil }
        (self.box, self.keyBox) = (box, keyBox)
        keySlice = Self.slice(finding.keyBox, in: item)
    }

    /// The slice of the file that holds the middle of a box on the image.
    static func slice(_ box: Box, in item: Item) -> Int {
        let position = item.volume.geometry.position(ofIndex: box.center - 0.5)
        let index = item.source.geometry.index(ofPosition: position)?.z ?? 0
        return min(max(Int(index.rounded()), 0), item.source.shape.depth - 1)
    }
}
