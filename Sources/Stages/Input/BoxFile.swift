import Files
import Foundation
import Volumes

/// Boxes beside an image, as `outputs: { boxes: json }` writes them.
struct BoxFile: Decodable {
    private struct Entry: Decodable {
        var label: String
        /// x0, y0, z0, x1, y1, z1 in voxel edges.
        var box: [Double]
    }

    /// Depth, height and width of the image that they belong to.
    private let shape: [Int]
    private let boxes: [Entry]

    /// - Throws: `FileError`, or `.invalidLabels` for what is no such file.
    init(path: String) throws {
        let bytes = try FileBytes.read(path, limit: 1 << 26)
        guard let file = try? JSONDecoder().decode(BoxFile.self, from: Data(bytes)) else {
            throw ItemError(
                .invalidLabels,
                "the file of boxes is not JSON with shape [depth, height, width] and boxes, each with label and box [x0, y0, z0, x1, y1, z1]"
            )
        }
        for (index, entry) in file.boxes.enumerated() {
            guard entry.box.count == 6, entry.box.allSatisfy(\.isFinite),
                (0..<3).allSatisfy({ entry.box[$0] < entry.box[$0 + 3] })
            else {
                throw ItemError(
                    .invalidLabels, "box \(index + 1) must be six numbers, each lower edge below its upper one")
            }
        }
        self = file
    }

    /// - Throws: `.gridMismatch` when they belong to an image of another size or lie outside it.
    func boxes(on image: Shape) throws(ItemError) -> [LabeledBox] {
        guard shape == [image.depth, image.height, image.width] else {
            throw ItemError(
                .gridMismatch,
                "the boxes are for \(shape.map(String.init).joined(separator: " x ")) voxels and the image has "
                    + "\(image.depth) x \(image.height) x \(image.width)")
        }
        let found = boxes.map { entry in
            let e = entry.box
            return LabeledBox(label: entry.label, box: Box(lower: [e[0], e[1], e[2]], upper: [e[3], e[4], e[5]]))
        }
        if let index = found.firstIndex(where: { $0.box.clipped(to: image) != $0.box }) {
            throw ItemError(.gridMismatch, "box \(index + 1) reaches beyond the image")
        }
        return found
    }
}
