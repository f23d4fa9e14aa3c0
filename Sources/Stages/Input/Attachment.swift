import Files
import Foundation
import NIfTI
import Pipelines
import Transforms
import Volumes

/// A file that comes with an image: labels or boxes on its grid.
public struct Attachment: Sendable {
    enum Kind: Sendable, Hashable {
        /// The name of the mask.
        case labels(String)
        case boxes
    }

    let kind: Kind
    /// As the system opens it.
    let path: String
    /// Relative to the INPUT.
    let relativePath: String
}

extension Item {
    /// Reads a file that came with the image.
    ///
    /// - Throws: the error of the format's module, or `ItemError` when the file does not fit the image.
    mutating func attach(_ attachment: Attachment) throws {
        switch attachment.kind {
        case .labels(let name):
            guard masks[name] == nil else {
                throw ItemError(.incomplete, "two files beside the image hold its \(name); keep one of them there")
            }
            masks[name] = try labels(attachment.path)
        case .boxes: boxes = try BoxFile(path: attachment.path).boxes(on: volume.shape)
        }
    }

    /// Labels must be whole numbers in 0...255 on the image's grid. Their file's name, which may tell a patient's, stays
    /// out of messages.
    private func labels(_ path: String) throws -> Mask {
        var (found, _) = try NIfTIFile.read(path: path)
        try found.applyRescale()
        guard found.shape.channels == 1 else {
            throw ItemError(.invalidLabels, "the labels have \(found.shape.channels) channels and must have one")
        }
        try found.requireGrid(of: volume, named: "the labels")
        let values = found.voxels
        guard values.allSatisfy({ (0...255).contains($0) && $0 == $0.rounded() }) else {
            throw ItemError(
                .invalidLabels, "the labels hold something else than whole numbers in 0...255; is it an image?")
        }
        return Mask(labels: values.map(UInt8.init), shape: found.shape, geometry: volume.geometry)
    }
}

extension Volume {
    /// Corners of two grids that are one may lie this part of a voxel apart: headers hold Float32.
    static let gridTolerance = 0.05

    /// - Throws: `.gridMismatch` naming both shapes, or how far apart the grids are.
    func requireGrid(of other: Volume, named name: String) throws(ItemError) {
        let (mine, theirs) = (shape, other.shape)
        guard (mine.depth, mine.height, mine.width) == (theirs.depth, theirs.height, theirs.width) else {
            throw ItemError(
                .gridMismatch,
                "\(name) have \(mine.depth) x \(mine.height) x \(mine.width) voxels and the image "
                    + "\(theirs.depth) x \(theirs.height) x \(theirs.width); bring them onto one grid first")
        }
        let distance = cornerDistance(to: other)
        guard distance <= Self.gridTolerance else {
            throw ItemError(
                .gridMismatch,
                "\(name) are as large as the image but lie up to \((distance * 100).rounded() / 100) voxels beside it; "
                    + "bring them onto one grid first")
        }
    }

    /// Greatest distance of corresponding corners, in voxels of the other grid.
    func cornerDistance(to other: Volume) -> Double {
        guard geometry.isPhysical, other.geometry.isPhysical else { return 0 }
        let spacing = other.geometry.spacing
        let unit = min(spacing.x, spacing.y, spacing.z)
        var greatest = 0.0
        for corner in 0..<8 {
            let index = SIMD3(
                corner & 1 == 0 ? 0 : Double(shape.width - 1), corner & 2 == 0 ? 0 : Double(shape.height - 1),
                corner & 4 == 0 ? 0 : Double(shape.depth - 1))
            let gap = geometry.position(ofIndex: index) - other.geometry.position(ofIndex: index)
            greatest = max(greatest, gap.length / unit)
        }
        return greatest
    }
}
