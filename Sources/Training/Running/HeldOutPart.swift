package import Networks
package import Parallel
package import Tensors

#if canImport(Glibc)
    import Glibc
#endif

/// An image that is looked at but not learned from, as exactly as it will be seen in use.
package struct MeasuredImage: Sendable, Hashable {
    /// `size * size` in [0, 1].
    package var image: [Float]
    /// In pixels of that size.
    package var boxes: [TargetBox]

    package init(image: [Float], boxes: [TargetBox]) { (self.image, self.boxes) = (image, boxes) }
}

/// What a network said of a part of the data set, before calibration.
package struct PartResult: Sendable {
    /// A box's logit, and whether it hit at IoU 0.5; all boxes of all images.
    package typealias ScoredHit = (logit: Double, isHit: Bool)

    package var hits: [DetectorConfiguration.Readout: [ScoredHit]] = [:]
    /// Average precision at IoU 0.5, classes ignored; nothing where there is nothing to find.
    package var precision: [DetectorConfiguration.Readout: Double] = [:]
    package var abnormality: [(logit: Double, isAbnormal: Bool)] = []
    package var imageCount = 0

    /// Boxes whose uncalibrated score is below sigmoid(-6) matter to no number here.
    private static let leastScore = Float(1 / (1 + exp(6.0)))

    /// Runs a network over images, each on a thread of its own.
    package init(
        _ parameters: [String: Tensor], _ configuration: DetectorConfiguration, on images: [MeasuredImage],
        workers: Workers
    ) throws(TrainingError) {
        imageCount = images.count
        let answers = Locked<[(found: [DetectorConfiguration.Readout: Detections], abnormality: Float)?]>(
            .init(repeating: nil, count: images.count))
        let network: DetectorNetwork
        do throws(TensorError) {
            var source = ParameterSource(parameters.mapValues { Variable($0) })
            network = try DetectorNetwork(&source, configuration)
        } catch { throw .tensors(error) }
        try workers.forEach(images.count) { (index) throws(TrainingError) in
            do throws(TensorError) {
                let answer = try network.uncalibrated(images[index].image, threshold: Self.leastScore)
                answers.withLock { $0[index] = answer }
            } catch { throw .tensors(error) }
        }
        let said = answers.withLock { $0 }
        for readout in DetectorConfiguration.Readout.allCases {
            let results = zip(said, images).map { answer, image in
                ImageResult(
                    found: (answer?.found[readout]?.boxes ?? []).map { box in
                        ScoredBox(
                            box: LabelledBox(x0: box.x0, y0: box.y0, x1: box.x1, y1: box.y1, label: ""),
                            score: Double(box.score))
                    },
                    truth: image.boxes.map { LabelledBox(x0: $0.x0, y0: $0.y0, x1: $0.x1, y1: $0.y1, label: "") })
            }
            let matches = Matches(results, iou: 0.5)
            precision[readout] = averagePrecision(matches)
            hits[readout] = matches.boxes.map { (logit($0.score), $0.isHit) }
        }
        abnormality = zip(said, images).map { (Double($0?.abnormality ?? 0), !$1.boxes.isEmpty) }
    }
}

private func logit(_ p: Double) -> Double {
    let inside = min(max(p, 1e-7), 1 - 1e-7)
    return log(inside / (1 - inside))
}
