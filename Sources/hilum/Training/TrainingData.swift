import Cryptography
import Files
import Foundation
import Networks
import Parallel
import Pipelines
import Stages
import Training
import Transforms
import Volumes

/// A data set as a training needs it: split into parts, each image prepared as the shipped pipelines prepare it.
struct TrainingData {
    private let recipe: Recipe
    private let dataset: LabelledDataset
    private let workers: Workers
    private let pipeline: Pipeline<Item>

    struct Parts {
        var train: [LabelledImage]
        /// Kept out of training, to fit calibration and threshold.
        var heldOut: [LabelledImage]
        var validation: [LabelledImage]

        /// Of what is learned from and measured on, wherever the files lie.
        func digest(_ workers: Workers) throws -> String {
            let parts = [train, heldOut, validation]
            let images = parts.flatMap(\.self)
            let content = Locked<[[UInt8]]>(.init(repeating: [], count: images.count))
            try workers.forEach(images.count) { index in
                let digest = try SHA256Digest.of(FileBytes.read(images[index].path))
                content.withLock { $0[index] = digest }
            }
            let lines = zip(images, content.withLock { $0 }).map { "\($0.name) \(hexadecimal($1)) \($0.boxes)" }
            let text = "\(parts.map(\.count))\n\(lines.joined(separator: "\n"))"
            return hexadecimal(SHA256Digest.of(Array(text.utf8)))
        }
    }

    init(_ dataset: LabelledDataset, recipe: Recipe, workers: Workers) throws {
        (self.dataset, self.recipe, self.workers) = (dataset, recipe, workers)
        pipeline = try Pipeline.parse(
            "stages: [rescale, reorient: { to: acquired }, normalize: { polarity: display }]\noutputs: { tensors: npy }\n",
            name: "training", settings: [], registry: Registry.hilum)
        let named = Set(dataset.images.flatMap(\.boxes).map(\.label))
        if let unknown = named.subtracting(recipe.classes).min() {
            throw UsageError(
                "\(dataset.path) has boxes of the class '\(unknown)'; the recipe has \(recipe.classes.joined(separator: ", "))"
            )
        }
    }

    /// Images whose findings have no boxes, which are in no part: to learn them as normal would be wrong.
    var unplaced: Int { recipe.pretraining == nil ? dataset.images.count(where: \.hasUnplacedFindings) : 0 }

    /// - Parameters:
    ///   - overfit: so many images with a finding, which are then every part.
    ///   - limit: at most so many training images.
    func parts(overfit: Int?, limit: Int?) throws -> Parts {
        let images = dataset.images.filter { recipe.pretraining != nil || !$0.hasUnplacedFindings }
        let train = images.filter { $0.split == recipe.data.train }
        let validation = images.filter { $0.split == recipe.data.validation }
        guard recipe.pretraining != nil || unplaced == 0 || train.contains(where: { !$0.boxes.isEmpty }) else {
            throw UsageError(
                "\(dataset.path): no image of the part '\(recipe.data.train)' has a box, and a detector learns from boxes; "
                    + "labels of whole images do for pretraining only")
        }
        for (name, part) in [(recipe.data.train, train), (recipe.data.validation, validation)] where part.isEmpty {
            throw UsageError(
                "\(dataset.path) has no images in the part '\(name)'; name its parts in the recipe, or make some: hilum model data"
            )
        }
        if let overfit {
            let found = train.filter { !$0.boxes.isEmpty }
            guard found.count >= overfit else {
                throw UsageError("--overfit \(overfit): the training part has \(found.count) images with a finding")
            }
            let chosen = (0..<overfit).map { found[$0 * (found.count - 1) / max(overfit - 1, 1)] }
            return Parts(train: chosen, heldOut: chosen, validation: chosen)
        }
        let heldOut = train.filter(isHeldOut)
        let learned = train.filter { !isHeldOut($0) }
        guard !heldOut.isEmpty, !learned.isEmpty else {
            throw UsageError(
                "\(dataset.path): no images to learn from or to fit the calibration on; change data.heldOut or data.block"
            )
        }
        return Parts(
            train: Array(learned.prefix(limit ?? learned.count)), heldOut: heldOut, validation: validation)
    }

    /// Whole patients; where they are not known, whole blocks of file numbers: neighbouring slices share a patient.
    private func isHeldOut(_ image: LabelledImage) -> Bool {
        if let patient = image.patient {
            return Double(seededHash(patient, recipe.seed) >> 11) * 0x1p-53 < recipe.data.heldOut
        }
        let name = image.name.split(separator: "/").last.map(String.init) ?? image.name
        let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        let number = stem.split { !$0.isNumber }.last.flatMap { Int($0) } ?? 0
        let every = Int((1 / recipe.data.heldOut).rounded())
        return number / recipe.data.block % every == min(3, every - 1)
    }

    /// Images to be looked at but not learned from.
    func measured(_ chosen: [LabelledImage], size: Int) throws -> [MeasuredImage] {
        try prepared(chosen, size: size) { _, image, boxes in MeasuredImage(image: image, boxes: boxes) }
    }

    func training(_ chosen: [LabelledImage], size: Int) throws -> [TrainingImage] {
        try prepared(chosen, size: size) { row, image, boxes in
            TrainingImage(name: row.name, size: size, image: image, boxes: boxes)
        }
    }

    /// Reads, normalises and letterboxes images on all threads; the first that cannot be read stops the training, because a
    /// data set that is silently smaller is another data set.
    private func prepared<Image: Sendable>(
        _ chosen: [LabelledImage], size: Int, _ make: @Sendable (LabelledImage, [Float], [TargetBox]) -> Image
    ) throws -> [Image] {
        let images = Locked<[Image?]>(.init(repeating: nil, count: chosen.count))
        try workers.forEach(chosen.count) { index in
            let (image, boxes) = try prepare(chosen[index], size: size)
            let made = make(chosen[index], image, boxes)
            images.withLock { $0[index] = made }
        }
        return images.withLock { $0.compactMap { $0 } }
    }

    private func prepare(_ image: LabelledImage, size: Int) throws -> ([Float], [TargetBox]) {
        let item = try image.item(behind: pipeline)
        let view = try item.volume.letterboxed(height: size, width: size, fill: 0)
        let boxes = try image.boxes.map { box in
            let source = Box(
                x: Double(box.x0)...Double(box.x1), y: Double(box.y0)...Double(box.y1), slice: 0)
            guard let mapped = source.mapped(from: item.source.geometry, to: view.geometry),
                let label = recipe.classes.firstIndex(of: box.label)
            else { throw UsageError("\(image.name): a box cannot be placed in the prepared image") }
            return TargetBox(
                x0: Float(mapped.lower.x), y0: Float(mapped.lower.y), x1: Float(mapped.upper.x),
                y1: Float(mapped.upper.y), label: label)
        }
        return (view.voxels, boxes)
    }
}

/// The training part, prepared anew when the input size changes.
struct PreparedImages {
    private let set: TrainingData
    private let rows: [LabelledImage]
    private var images: [TrainingImage] = []

    init(_ set: TrainingData, rows: [LabelledImage]) { (self.set, self.rows) = (set, rows) }

    mutating func prepared(for size: Int) throws -> [TrainingImage] {
        if images.first?.size != size {
            images = []
            images = try set.training(rows, size: size)
        }
        return images
    }
}
