import Foundation
import Networks
import Parallel
import Tensors

/// Size, speed and output of a quantised model beside the one it was made from.
struct QuantizationReport {
    private struct Row {
        var name: String
        var backend: Backend
        var fileBytes: Int
        var milliseconds: Double
        var difference: Float
    }

    private var rows: [Row] = []
    private let images: [[Float]]
    /// What the first model says, in float32, of each image.
    private let expected: [[Float]]
    private static let pictures = 4
    private static let runs = 5

    /// - Parameter folder: of the model before.
    /// - Throws: also where it computes what is no number: there is nothing to be like then.
    init(of folder: String) throws {
        let reference = try Detector(directory: folder, backend: Backend(.float32))
        images = (0..<Self.pictures).map {
            Self.picture(side: reference.configuration.inputSize, seed: UInt64($0))
        }
        expected = try images.map { try reference.cells($0).elements }
        try add("before, fp32", folder, reference)
        try add("before", folder, try Detector(directory: folder))
    }

    /// Measures one more model.
    mutating func add(_ name: String, _ folder: String, _ detector: Detector) throws {
        var (worst, best): (Float, Double) = (0, .infinity)
        for (image, expected) in zip(images, expected) {
            let found = try detector.cells(image).elements
            let largest = expected.reduce(0) { max($0, abs($1)) }
            worst = max(worst, zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1)) } / largest)
        }
        let workers = Workers(count: ProcessInfo.processInfo.activeProcessorCount)
        for _ in 0..<Self.runs {
            let start = ContinuousClock.now
            _ = try detector.cells(images[0], workers: workers)
            best = min(best, (ContinuousClock.now - start) / .milliseconds(1))
        }
        let size = try FileManager.default.attributesOfItem(atPath: folder + "/weights.safetensors")[.size]
        rows.append(
            Row(
                name: name, backend: detector.backend, fileBytes: (size as? Int) ?? 0, milliseconds: best,
                difference: worst))
    }

    var text: String {
        var lines = ["model          computes            file        an image   greatest change of an output"]
        for row in rows {
            lines.append(
                [
                    row.name.padding(toLength: 15, withPad: " ", startingAt: 0),
                    row.backend.description.padding(toLength: 20, withPad: " ", startingAt: 0),
                    String(
                        format: "%6.1f MB   %7.1f ms   %.4f of the largest", Double(row.fileBytes) / 1e6,
                        row.milliseconds, row.difference),
                ].joined())
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A head of sorts with bright spots, in [0, 1]: something for every layer to see, without anybody's data.
    private static func picture(side: Int, seed: UInt64) -> [Float] {
        var numbers = SplitMix64(state: seed)
        func next() -> Float { .random(in: 0..<1, using: &numbers) }
        let (x0, y0, radius) = (0.35 + 0.3 * next(), 0.35 + 0.3 * next(), 0.04 + 0.08 * next())
        return (0..<side * side).map { index in
            let (x, y) = (Float(index % side) / Float(side), Float(index / side) / Float(side))
            let head = ((x - 0.5) * (x - 0.5) / 0.15 + (y - 0.5) * (y - 0.5) / 0.2) < 1
            let spot = (x - x0) * (x - x0) + (y - y0) * (y - y0) < radius * radius
            return head ? min(0.35 + (spot ? 0.5 : 0) + 0.1 * next(), 1) : 0.02 * next()
        }
    }
}
