public import Volumes

/// A finding in the terms of the source's images.
public struct ResultFinding: Sendable {
    /// The class in the model's words.
    public var label: String
    /// Calibrated, in [0, 1].
    public var confidence: Double
    public var band: ConfidenceBand
    /// On the grid of the stack, voxel edges: all slices that it was seen in.
    public var box: Box
    /// The slice in which it is surest, and the box there.
    public var keySlice: Int
    public var keyBox: Box

    public init(label: String, confidence: Double, box: Box, keySlice: Int, keyBox: Box) {
        (self.label, self.confidence, band) = (label.asOneValue, confidence, ConfidenceBand(score: confidence))
        (self.box, self.keySlice, self.keyBox) = (box, keySlice, keyBox)
    }

    /// What people read beside the box: "meningioma 93 % (high)".
    var caption: String { "\(label) \(ConfidenceBand.percent(confidence)) % (\(band.abbreviation))" }

    /// The key box in pixels of its image: column, row of the corners, clockwise from the upper left and back to it. The
    /// corner of the first pixel is 0, 0 (PS3.3 C.18.6.1.2, C.10.5.1.2).
    var outline: [Double] {
        let (low, high) = (keyBox.lower, keyBox.upper)
        return [low.x, low.y, high.x, low.y, high.x, high.y, low.x, high.y, low.x, low.y]
    }
}
