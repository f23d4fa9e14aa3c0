import Transforms
import Volumes

/// What is moved onto another grid: intensities may be interpolated, labels only picked.
enum Layer {
    case image, labels

    /// - Returns: `chosen` for the image, nearest for labels.
    func interpolation(_ chosen: Interpolation) -> Interpolation { self == .image ? chosen : .nearest }
    /// - Returns: `chosen` for the image, background for labels.
    func fill(_ chosen: Double) -> Float { self == .image ? Float(chosen) : 0 }
}

extension ClosedRange<Double> {
    /// What voxels, which are Float32, can hold, in round numbers: for options that become voxels.
    static let ofVoxels = -3.4e38...3.4e38
}

extension Item {
    /// Moves the image onto another grid, and with it every mask and box. What stays at its place in the patient stays
    /// together: boxes are mapped through patient space, clipped, and dropped with a warning when nothing is left.
    ///
    /// - Parameter move: the same for the image and for each mask, which comes as a volume of one channel.
    mutating func moveGrid(_ move: (Volume, Layer) throws -> Volume) rethrows {
        let before = volume.geometry
        volume = try move(volume, .image)
        for (name, mask) in masks { masks[name] = Mask(try move(mask.volume, .labels)) }
        let moved = boxes.compactMap { labeled -> LabeledBox? in
            guard let box = labeled.box.mapped(from: before, to: volume.geometry)?.clipped(to: volume.shape),
                box.volume > 0
            else { return nil }
            return LabeledBox(label: labeled.label, box: box)
        }
        if moved.count < boxes.count {
            warn("box-outside", "\(boxes.count - moved.count) of \(boxes.count) boxes lie outside the new grid")
        }
        boxes = moved
    }
}
