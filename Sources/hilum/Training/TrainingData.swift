import Cryptography
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
    private let folder: String
    private let recipe: Recipe
    private let rows: [IndexCSV.Row]
    private let path: String
    private let workers: Workers

    struct Parts {
        var train: [IndexCSV.Row]
        /// Kept out of training, to fit calibration and threshold.
        var heldOut: [IndexCSV.Row]
        var validation: [IndexCSV.Row]

        /// Of what is learned from and measured on.
        var digest: String {
            let text = [train, heldOut, validation].map { $0.map { "\($0)" }.joined(separator: "\n") }
            return hexadecimal(SHA256Digest.of(Array(text.joined(separator: "|").utf8)))
        }
    }

    init(path: String, recipe: Recipe, workers: Workers) throws {
        self.path = path.hasSuffix(".csv") ? path : "\(path)/index.csv"
        (self.recipe, self.workers) = (recipe, workers)
        rows = try IndexCSV(path: self.path).rows
        folder = URL(fileURLWithPath: self.path).deletingLastPathComponent().path
        let named = Set(rows.flatMap(\.boxes).map(\.label))
        if let unknown = named.subtracting(recipe.classes).min() {
            throw UsageError(
                "\(self.path) has boxes of the class '\(unknown)'; the recipe has \(recipe.classes.joined(separator: ", "))"
            )
        }
    }

    /// - Parameters:
    ///   - overfit: so many images with a finding, which are then every part.
    ///   - limit: at most so many training images.
    func parts(overfit: Int?, limit: Int?) throws -> Parts {
        let train = rows.filter { $0.split == recipe.data.train }
        let validation = rows.filter { $0.split == recipe.data.validation }
        for (name, part) in [(recipe.data.train, train), (recipe.data.validation, validation)] where part.isEmpty {
            throw UsageError("\(path) has no images in the split '\(name)'")
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
                "\(path): no images to learn from or to fit the calibration on; change data.heldOut or data.block")
        }
        return Parts(
            train: Array(learned.prefix(limit ?? learned.count)), heldOut: heldOut, validation: validation)
    }

    /// Whole blocks of file numbers: neighbouring slices share a patient.
    private func isHeldOut(_ row: IndexCSV.Row) -> Bool {
        let name = row.image.split(separator: "/").last.map(String.init) ?? row.image
        let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        let number = stem.split { !$0.isNumber }.last.flatMap { Int($0) } ?? 0
        let every = Int((1 / recipe.data.heldOut).rounded())
        return number / recipe.data.block % every == min(3, every - 1)
    }

    /// Images to be looked at but not learned from.
    func measured(_ rows: [IndexCSV.Row], size: Int) throws -> [MeasuredImage] {
        try prepared(rows, size: size) { _, image, boxes in MeasuredImage(image: image, boxes: boxes) }
    }

    func training(_ rows: [IndexCSV.Row], size: Int) throws -> [TrainingImage] {
        try prepared(rows, size: size) { row, image, boxes in
            TrainingImage(name: row.image, size: size, image: image, boxes: boxes)
        }
    }

    /// Reads, normalises and letterboxes images on all threads; the first that cannot be read stops the training, because a
    /// data set that is silently smaller is another data set.
    private func prepared<Image: Sendable>(
        _ rows: [IndexCSV.Row], size: Int, _ make: @Sendable (IndexCSV.Row, [Float], [TargetBox]) -> Image
    ) throws -> [Image] {
        let images = Locked<[Image?]>(.init(repeating: nil, count: rows.count))
        try workers.forEach(rows.count) { index in
            let (image, boxes) = try prepare(rows[index], size: size)
            let made = make(rows[index], image, boxes)
            images.withLock { $0[index] = made }
        }
        return images.withLock { $0.compactMap { $0 } }
    }

    private func prepare(_ row: IndexCSV.Row, size: Int) throws -> ([Float], [TargetBox]) {
        var item = try Item(reading: "\(folder)/\(row.image)")
        let pipeline = try Pipeline.parse(
            "stages: [rescale, reorient, normalize]\noutputs: { tensors: npy }\n", name: "training", settings: [],
            registry: Registry.hilum)
        try pipeline.run(&item, named: row.image, seed: 0)
        let view = try item.volume.letterboxed(height: size, width: size, fill: 0)
        let boxes = try row.boxes.map { box in
            let source = Box(
                x: Double(box.x0)...Double(box.x1), y: Double(box.y0)...Double(box.y1), slice: 0)
            guard let mapped = source.mapped(from: item.source.geometry, to: view.geometry),
                let label = recipe.classes.firstIndex(of: box.label)
            else { throw UsageError("\(path):\(row.line): the box cannot be placed in the prepared image") }
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
    private let rows: [IndexCSV.Row]
    private var images: [TrainingImage] = []

    init(_ set: TrainingData, rows: [IndexCSV.Row]) { (self.set, self.rows) = (set, rows) }

    mutating func prepared(for size: Int) throws -> [TrainingImage] {
        if images.first?.size != size {
            images = []
            images = try set.training(rows, size: size)
        }
        return images
    }
}
