import Networks
import Transforms
import Volumes

/// One slice as the network sees it: square, letterboxed, with pixels as high as wide.
struct NetworkView {
    /// `side * side`, row-major, in [0, 1].
    let image: [Float]
    let side: Int
    /// The view's grid and the slice's, to carry boxes from one to the other. Both have depth 1.
    private let view: Geometry
    private let slice: Geometry

    /// - Parameters:
    ///   - side: pixels of the network's input.
    /// - Throws: `TransformError` when the image is not one channel of intensities in [0, 1].
    init(_ volume: Volume, slice index: Int, side: Int) throws(TransformError) {
        guard volume.shape.channels == 1 else {
            throw TransformError(
                .invalidOption,
                "the model looks at one channel and the image has \(volume.shape.channels); convert colours with "
                    + "--format png and detect those, and give each of several sequences or times alone")
        }
        slice = volume.geometry.shifted(byVoxels: [0, 0, Double(index)])
        let plane = Volume(
            voxels: Array(volume.slice(index)),
            shape: Shape(depth: 1, height: volume.shape.height, width: volume.shape.width), geometry: slice)
        let letterboxed = try plane.letterboxed(height: side, width: side, fill: 0)
        guard letterboxed.voxels.allSatisfy({ $0 >= -1e-4 && $0 <= 1.0001 }) else {
            throw TransformError(
                .invalidOption, "intensities are not within [0, 1]; put normalize (percentile) before detect")
        }
        (image, view, self.side) = (letterboxed.voxels, letterboxed.geometry, side)
    }

    /// Tells within one run whether two views show the same.
    var imageHash: Int {
        var hasher = Hasher()
        image.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }

    /// A box of the network's in pixels of the slice; nil when the geometry is degenerate.
    func sliceBox(_ detection: Detection, slice index: Int) -> Box? {
        mapped(
            x: Double(detection.x0)...Double(max(detection.x0, detection.x1)),
            y: Double(detection.y0)...Double(max(detection.y0, detection.y1)), index)
    }

    /// What shows something of the file, with its box in pixels of the slice: padding that a stage put around the image
    /// is no part of a finding.
    func inFile(
        _ detections: [Detection], slice index: Int, of item: Item
    ) -> [(detection: Detection, box: Box)] {
        let file = item.source.extent(on: item.volume.geometry)
        return detections.compactMap { detection in
            guard var box = sliceBox(detection, slice: index)?.clipped(to: item.volume.shape) else { return nil }
            if let file {
                (box.lower.x, box.upper.x) = (max(box.lower.x, file.lower.x), min(box.upper.x, file.upper.x))
                (box.lower.y, box.upper.y) = (max(box.lower.y, file.lower.y), min(box.upper.y, file.upper.y))
            }
            return box.volume > 0 ? (detection, box) : nil
        }
    }

    /// The area of the slice that the whole view covers.
    func extent(slice index: Int) -> Box? { mapped(x: 0...Double(side), y: 0...Double(side), index) }

    private func mapped(x: ClosedRange<Double>, y: ClosedRange<Double>, _ index: Int) -> Box? {
        guard let box = Box(x: x, y: y, slice: 0).mapped(from: view, to: slice) else { return nil }
        return Box(x: box.lower.x...box.upper.x, y: box.lower.y...box.upper.y, slice: index)
    }
}

/// What the network said of one slice.
struct SliceDetections: Sendable {
    var slice: Int
    var detections: Detections
    /// The same boxes in pixels of the slice, in the same order.
    var boxes: [Box]
    /// Of the image that the network looked at.
    var imageHash: Int
}
