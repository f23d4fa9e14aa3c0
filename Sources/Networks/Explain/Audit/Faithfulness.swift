import Parallel
import Tensors

/// Deletion and insertion (Petsiuk et al. 2018): how a box's own score falls while the pixels that a map calls important are
/// removed, and how it rises while they are brought back.
///
/// Both are means over all steps but the first of score over the score of the whole image, the score being the sigmoid of the
/// box's own class logit (uncalibrated), at the cell that made the box. A faithful map has low deletion and high insertion.
public struct Faithfulness: Sendable, Hashable {
    public var deletion: Float
    public var insertion: Float
}

/// One box's pixels removed and brought back, in the order of any map: what all maps of the box share is computed once.
public struct PixelRemoval: Sendable {
    private let detector: Detector
    private let image: [Float]
    private let replacement: [Float]
    private let detection: Detection
    /// The dense cell whose score is watched.
    private let cell: Int
    /// The score of the whole image.
    private let whole: Float
    /// All pixels in a random order, the same each time: in it those of equal value are taken.
    private let shuffled: [Int]

    /// - Parameter detection: what `detector.detect` returned for the image.
    /// - Throws: `NetworkError` for an image of another size, and for a detection of another network.
    public init(
        _ detector: Detector, _ image: [Float], _ detection: Detection, baseline: RemovalBaseline = .blurred
    ) throws(NetworkError) {
        try detector.check(image)
        (self.detector, self.image, self.detection) = (detector, image, detection)
        replacement = baseline.replacement(for: image, side: detector.configuration.inputSize)
        cell = try detector.cell(of: detection, image)
        whole = try detector.score(image, cell: cell, class: detection.classIndex)
        var numbers = SplitMix64(state: 1)
        shuffled = image.indices.shuffled(using: &numbers)
    }

    /// - Parameters:
    ///   - map: over the whole input; sampled bilinearly at pixels.
    ///   - steps: parts that pixels are removed in; each costs two forward passes, computed as detections are.
    public func faithfulness(of map: HeatmapGrid, steps: Int = 10) throws(NetworkError) -> Faithfulness {
        precondition(steps > 0, "faithfulness needs a step")
        guard whole > 0 else { return Faithfulness(deletion: 1, insertion: 1) }
        let order = order(of: map)
        var (removed, restored) = (image, replacement)
        var (deletion, insertion): (Float, Float) = (0, 0)
        for step in 0..<steps {
            for pixel in order[(step * order.count / steps)..<((step + 1) * order.count / steps)] {
                removed[pixel] = replacement[pixel]
                restored[pixel] = image[pixel]
            }
            deletion += try score(removed) / whole
            insertion += step == steps - 1 ? 1 : try score(restored) / whole
        }
        return Faithfulness(deletion: deletion / Float(steps), insertion: insertion / Float(steps))
    }

    /// Pixels by falling value.
    private func order(of map: HeatmapGrid) -> [Int] {
        let size = detector.configuration.inputSize
        let values = map.values(width: size, height: size)
        // Numbers from 0 on have the order of their bits (+ 0 takes the sign off a zero); the place in the random order parts
        // equal ones.
        return shuffled.enumerated().map { place, pixel in
            UInt64(~(values[pixel] + 0).bitPattern) << 32 | UInt64(place)
        }
        .sorted().map { shuffled[Int($0 & 0xFFFF_FFFF)] }
    }

    private func score(_ image: [Float]) throws(NetworkError) -> Float {
        try detector.score(image, cell: cell, class: detection.classIndex)
    }
}

extension Detector {
    /// What a cell says of a class, as a probability before any calibration.
    fileprivate func score(_ image: [Float], cell: Int, class label: Int) throws(NetworkError) -> Float {
        let said = try cells(image)
        guard (0..<said.shape[1]).contains(cell), configuration.classes.indices.contains(label) else {
            throw .foreignDetection(index: 0)
        }
        return logistic(said[0, cell, label])
    }

    /// The dense cell that made a box, or seeded the query that did.
    fileprivate func cell(of detection: Detection, _ image: [Float]) throws(NetworkError) -> Int {
        guard configuration.readout == .queries else { return detection.source }
        // Those of the plan, which the detection's queries come from.
        let seeds = try networkErrors { () throws(TensorError) in
            try network.output(plan.runForExplanation(image, workers: .single)).seeds
        }
        guard seeds.indices.contains(detection.source) else { throw .foreignDetection(index: 0) }
        return seeds[detection.source]
    }
}
