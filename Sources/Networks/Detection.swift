/// A box that the network found.
public struct Detection: Sendable, Hashable {
    /// Edges in pixels of the square input, x right, y down.
    public var x0: Float
    public var y0: Float
    public var x1: Float
    public var y1: Float
    /// The class with the greatest probability.
    public var classIndex: Int
    /// The calibrated chance that this box is a lesion, as fitted at IoU 0.5: the probability of `classIndex`.
    public var score: Float
    /// One calibrated probability a class; they need not add to 1.
    public var probabilities: [Float]
    /// The cell (dense readout) or query that said so; the explanation's target.
    public var source: Int

    public init(
        x0: Float, y0: Float, x1: Float, y1: Float, classIndex: Int, score: Float, probabilities: [Float], source: Int
    ) {
        self.x0 = x0
        self.y0 = y0
        self.x1 = x1
        self.y1 = y1
        self.classIndex = classIndex
        self.score = score
        self.probabilities = probabilities
        self.source = source
    }
}

/// What the network says about one image.
public struct Detections: Sendable, Hashable {
    /// By falling score.
    public var boxes: [Detection]
    /// The network's score in [0, 1] that the image shows any lesion.
    public var abnormality: Float

    public init(boxes: [Detection], abnormality: Float) {
        self.boxes = boxes
        self.abnormality = abnormality
    }
}
