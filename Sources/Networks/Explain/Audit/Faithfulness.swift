public import Parallel
import Tensors

#if canImport(Glibc)
    import Glibc
#endif

/// What removed pixels are replaced by.
public enum RemovalBaseline: String, CaseIterable, Sendable {
    /// The image blurred by a Gaussian whose standard deviation is a sixteenth of its side: no edges are made.
    case blurred
    /// Black.
    case zero
}

/// Deletion and insertion (Petsiuk et al. 2018): how a box's own score falls while the pixels that a map calls important are
/// removed, and how it rises while they are brought back.
///
/// Both are means over all steps but the first of score over the score of the whole image, the score being the sigmoid of the
/// box's own class logit (uncalibrated), at the cell that made the box. A faithful map has low deletion and high insertion.
public struct Faithfulness: Sendable, Hashable {
    public var deletion: Float
    public var insertion: Float
}

extension Detector {
    /// - Parameters:
    ///   - map: over the whole input; sampled bilinearly at pixels. Pixels of equal value are taken in a random order, the same
    ///     each time.
    ///   - detection: what `detect` returned for the image.
    ///   - steps: parts that pixels are removed in; each costs two forward passes, computed as detections are.
    public func faithfulness(
        of map: HeatmapGrid, _ image: [Float], _ detection: Detection, steps: Int = 10,
        baseline: RemovalBaseline = .blurred, workers: Workers = .single
    ) throws(NetworkError) -> Faithfulness {
        try check(image)
        precondition(steps > 0, "faithfulness needs a step")
        let size = configuration.inputSize
        let replacement =
            baseline == .zero ? [Float](repeating: 0, count: image.count) : blurred(image, side: size)
        let cell = try cell(of: detection, image)
        let values = map.values(width: size, height: size)
        var numbers = SplitMix64(state: 1)
        let order = image.indices.shuffled(using: &numbers).sorted { values[$0] > values[$1] }
        func score(_ image: [Float]) throws(NetworkError) -> Float {
            let said = try cells(image, workers: workers)
            guard (0..<said.shape[1]).contains(cell), configuration.classes.indices.contains(detection.classIndex)
            else {
                throw .foreignDetection(index: 0)
            }
            return logistic(said[0, cell, detection.classIndex])
        }
        let whole = try score(image)
        guard whole > 0 else { return Faithfulness(deletion: 1, insertion: 1) }
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

    /// The dense cell that made a box, or seeded the query that did.
    private func cell(of detection: Detection, _ image: [Float]) throws(NetworkError) -> Int {
        guard configuration.readout == .queries else { return detection.source }
        // Those of the plan, which the detection's queries come from.
        let seeds = try networkErrors { () throws(TensorError) in
            try network.output(plan.runForExplanation(image, workers: .single)).seeds
        }
        guard seeds.indices.contains(detection.source) else { throw .foreignDetection(index: 0) }
        return seeds[detection.source]
    }
}

/// A Gaussian of a sixteenth of the side, along rows and columns, the edge repeated.
private func blurred(_ image: [Float], side: Int) -> [Float] {
    let sigma = Float(side) / 16
    let radius = Int((3 * sigma).rounded(.up))
    var kernel = (-radius...radius).map { exp(-Float($0 * $0) / (2 * sigma * sigma)) }
    let sum = kernel.reduce(0, +)
    for index in kernel.indices { kernel[index] /= sum }
    /// Blurs along rows and returns the transposed image.
    func pass(_ input: [Float]) -> [Float] {
        var output = [Float](repeating: 0, count: input.count)
        for row in 0..<side {
            for column in 0..<side {
                var value: Float = 0
                for offset in -radius...radius {
                    value += kernel[offset + radius] * input[row * side + min(max(column + offset, 0), side - 1)]
                }
                output[column * side + row] = value
            }
        }
        return output
    }
    return pass(pass(image))
}
