public import Networks
public import Volumes

/// The strongest finding of an item of one slice, as the network saw it: what audits of explanations start from.
public struct BestFinding: Sendable {
    /// The network's input, `[side, side]`.
    public let image: [Float]
    public let detection: Detection
    /// What the input covers, in pixels of the file.
    public let extent: Box

    /// Nil without findings.
    /// - Throws: `TransformError` when the image is not prepared, `NetworkError` when the model cannot be had.
    public init?(_ item: Item) throws {
        guard let finding = item.findings?.findings.first,
            let slice = item.sliceDetections.first(where: { $0.slice == finding.keySlice }),
            let box = slice.boxes.firstIndex(of: finding.keyBox)
        else { return nil }
        let side = try ModelLibrary.model(named: item.detectorModel).detector.configuration.inputSize
        let view = try NetworkView(item.volume, slice: slice.slice, side: side)
        guard let seen = view.extent(slice: slice.slice) else { return nil }
        image = view.image
        detection = slice.detections.boxes[box]
        extent = seen.mapped(from: item.volume.geometry, to: item.source.geometry) ?? seen
    }

    /// The pointing game (Zhang et al. 2018, without a margin): whether the map's greatest cell has its centre in a true
    /// box; and the share of the map's sum that lies in true boxes.
    ///
    /// - Parameter truth: in pixels of the file.
    public func pointing(_ map: HeatmapGrid, truth: [Box]) -> (isHit: Bool, energy: Double) {
        var (inside, total, peak, isHit) = (0.0, 0.0, -1.0, false)
        for row in 0..<map.height {
            for column in 0..<map.width {
                let value = Double(map.values[row * map.width + column])
                let x = extent.lower.x + (Double(column) + 0.5) / Double(map.width) * extent.size.x
                let y = extent.lower.y + (Double(row) + 0.5) / Double(map.height) * extent.size.y
                let isInside = truth.contains { box in
                    (box.lower.x...box.upper.x).contains(x) && (box.lower.y...box.upper.y).contains(y)
                }
                total += value
                if isInside { inside += value }
                if value > peak { (peak, isHit) = (value, isInside) }
            }
        }
        return (isHit && peak > 0, total > 0 ? inside / total : 0)
    }
}
