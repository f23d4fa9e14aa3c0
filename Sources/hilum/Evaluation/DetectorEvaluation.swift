import Networks
import Pipelines
import Stages
import Training
import Volumes

/// What a detector said of one image of a data set, beside the truth. Boxes are in pixels of the file.
struct EvaluatedImage {
    var image: LabelledImage
    var result: ImageResult
    /// The image's own score; nil when the detector has none.
    var abnormality: Double?
}

/// Runs images through the stages of the shipped pipeline, so that what is measured is what users get.
struct DetectorEvaluation {
    let model: String
    private let pipeline: Pipeline<Item>

    /// So low that the precision at the end of a curve, which is part of AP, is not cut off: how many boxes it keeps must not
    /// hang on how the scores are calibrated.
    private static let floor = 0.001

    /// - Throws: `ConfigurationError` when there is no such model.
    init(model: String) throws {
        self.model = model
        pipeline = try Pipeline.parse(
            "stages: [rescale, reorient: { to: acquired }, normalize: { polarity: display }, "
                + "resize: { keepAspect: true }, "
                + "detect: { threshold: \(Self.floor), maxFindings: 100 }]\noutputs: { findings: json }\n",
            name: "evaluation", settings: [Setting("stages.detect.model", text: model)], registry: Registry.hilum)
    }

    /// - Returns: the image behind the detector, for pictures and audits of explanations.
    func item(_ image: LabelledImage) throws -> Item { try image.item(behind: pipeline) }

    func evaluate(_ image: LabelledImage, _ item: Item) -> EvaluatedImage {
        let found = (item.findings?.findings ?? []).map { finding in
            ScoredBox(box: labelled(finding.keyBox, finding.label, item), score: Float(finding.score).decimal)
        }
        return EvaluatedImage(
            image: image, result: ImageResult(found: found, truth: image.boxes),
            abnormality: item.findings?.abnormality)
    }

    /// A box of the prepared image in pixels of the file.
    private func labelled(_ box: Box, _ label: String, _ item: Item) -> LabelledBox {
        let box = box.mapped(from: item.volume.geometry, to: item.source.geometry) ?? box
        return LabelledBox(
            x0: Float(box.lower.x), y0: Float(box.lower.y), x1: Float(box.upper.x), y1: Float(box.upper.y), label: label
        )
    }
}

extension LabelledBox {
    /// In slice 0.
    var voxelBox: Box { Box(x: Double(x0)...Double(x1), y: Double(y0)...Double(y1), slice: 0) }
}
