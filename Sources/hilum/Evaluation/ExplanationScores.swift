import Foundation
import Networks
import Parallel
import Stages
import Training

/// How good maps are, method by method and layer by layer, beside maps that explain nothing.
struct ExplanationScores {
    /// What makes a map.
    enum Subject: Hashable {
        case method(ExplanationMethod, ExplanationLayer?)
        case objectness, random, centredBlob

        var title: String {
            switch self {
            case .method(let method, let layer): method.rawValue + (layer.map { ", \($0.rawValue)" } ?? "")
            case .objectness: "objectness (scores, no explanation)"
            case .random: "random map"
            case .centredBlob: "centred blob"
            }
        }

        func map(_ best: BestFinding, with detector: Detector, seed: UInt64) throws -> HeatmapGrid {
            let side = detector.configuration.inputSize / 16
            switch self {
            case .method(let method, let layer):
                let target = Detections(boxes: [best.detection], abnormality: 0)
                return try detector.explain(best.image, detections: target, method: method, layer: layer)[0]
            case .objectness: return try detector.objectness(best.image)
            case .random: return .random(side: side, seed: seed)
            case .centredBlob: return .centredBlob(side: side)
            }
        }
    }

    struct Score {
        var isHit: Bool
        var energy: Double
        var deletion: Double
        var insertion: Double
    }

    let detector: Detector
    let subjects: [Subject]
    let steps: Int
    let baseline: RemovalBaseline
    private let workers = Workers(count: ProcessInfo.processInfo.activeProcessorCount)
    /// Scores of each image that had a truth and a finding.
    private(set) var scores: [Subject: [Score]] = [:]
    private(set) var imageCount = 0
    /// Images with a truth in which nothing was found: there is nothing to explain.
    private(set) var withoutFinding = 0

    /// What is measured: methods, and what they are compared with.
    ///
    /// - Parameters:
    ///   - method: nil for all of them.
    ///   - layer: where the CAM methods read; nil for each one's default.
    ///   - allLayers: the CAM methods at each layer instead.
    static func subjects(
        method: ExplanationMethod? = nil, layer: ExplanationLayer? = nil, allLayers: Bool = false
    ) -> [Subject] {
        (method.map { [$0] } ?? ExplanationMethod.allCases).flatMap { method -> [Subject] in
            guard let usual = method.defaultLayer else { return [.method(method, nil)] }
            let layers = allLayers ? ExplanationLayer.allCases : [layer ?? usual]
            return layers.map { .method(method, $0) }
        } + [.objectness, .random, .centredBlob]
    }

    init(_ detector: Detector, _ subjects: [Subject], steps: Int = 10, baseline: RemovalBaseline) {
        (self.detector, self.subjects, self.steps, self.baseline) = (detector, subjects, steps, baseline)
    }

    mutating func add(_ image: LabelledImage, _ item: Item) throws {
        guard !image.boxes.isEmpty else { return }
        guard let best = try BestFinding(item) else {
            withoutFinding += 1
            return
        }
        imageCount += 1
        let removal = try PixelRemoval(detector, best.image, best.detection, baseline: baseline)
        let (seed, truth) = (UInt64(imageCount), image.boxes.map(\.voxelBox))
        let (detector, subjects, steps) = (detector, subjects, steps)
        let measured = Locked<[Int: Score]>([:])
        try workers.forEach(subjects.count) { index in
            let map = try subjects[index].map(best, with: detector, seed: seed)
            let (isHit, energy) = best.pointing(map, truth: truth)
            let faithful = try removal.faithfulness(of: map, steps: steps)
            let score = Score(
                isHit: isHit, energy: energy, deletion: Double(faithful.deletion),
                insertion: Double(faithful.insertion))
            measured.withLock { $0[index] = score }
        }
        for (index, score) in measured.withLock({ $0 }) { scores[subjects[index], default: []].append(score) }
    }

    /// Four numbers a subject, with bootstrap intervals over images.
    var metrics: [EvaluatedMetric] {
        subjects.flatMap { subject -> [EvaluatedMetric] in
            let all = scores[subject] ?? []
            func metric(_ name: String, _ value: (Score) -> Double) -> EvaluatedMetric {
                let values = all.map(value)
                func mean(_ counts: [Int]) -> Double? {
                    let total = counts.reduce(0, +)
                    return total == 0 ? nil : zip(values, counts).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(total)
                }
                return EvaluatedMetric(
                    name: "\(subject.title): \(name)", value: mean([Int](repeating: 1, count: values.count)),
                    interval: bootstrapInterval(units: Array(values.indices), samples: 500, metric: mean))
            }
            return [
                metric("pointing game") { $0.isHit ? 1 : 0 }, metric("energy in box") { $0.energy },
                metric("deletion") { $0.deletion }, metric("insertion") { $0.insertion },
            ]
        }
    }

    var table: String {
        var text = "| map | hit rate | energy in box | deletion | insertion |\n| --- | --- | --- | --- | --- |\n"
        for subject in subjects {
            let all = scores[subject] ?? []
            func mean(_ value: (Score) -> Double) -> String {
                all.isEmpty ? "-" : digits(all.reduce(0) { $0 + value($1) } / Double(all.count))
            }
            text +=
                "| \(subject.title) | \(mean { $0.isHit ? 1 : 0 }) | \(mean { $0.energy }) | \(mean { $0.deletion }) | "
            text += "\(mean { $0.insertion }) |\n"
        }
        return text
    }

    var rules: [String] {
        [
            "Of the best box of each image with a true box (\(imageCount) images; \(withoutFinding) more had no finding), whether it is right or not.",
            "Hit rate: the map's greatest cell lies in a true box. Energy: the share of the map in true boxes.",
            "Deletion (lower is better), insertion (higher is better): the box's own class score over that of the whole image, mean over \(steps) steps of removing (bringing back) pixels in the map's order; baseline \(baseline.rawValue).",
        ]
    }
}
