import Foundation
import Tensors
import Testing

@testable import Networks
@testable import Training

/// What `Tests/Peers/record_training.py` recorded.
struct Recorded: Decodable {
    struct Optimiser: Decodable {
        struct Values: Decodable { var matrix, vector: [Float] }
        struct Step: Decodable {
            var gradients: Values
            var norm: Double
            var matrix, vector: [Float]
        }
        var start: Values
        var steps: [Step]
    }

    struct Assignment: Decodable {
        var cost: [[Double]]
        var columns: [Int]
    }

    struct Parts: Decodable {
        struct Loss: Decodable {
            var value: Float
            var gradient: [Float]
        }
        var logits, targets: [Float]
        var losses: [String: Loss]
    }

    var optimiser: Optimiser
    var restarts: [Double]
    var assignments: [Assignment]
    var parts: Parts

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    static func read() throws -> Recorded {
        let path = root + "/Tests/Peers/expected/training.json"
        return try JSONDecoder().decode(Recorded.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }
}

/// A recorded batch of a small network: images, boxes, and what PyTorch says its loss and gradients are.
struct RecordedBatch {
    let configuration: DetectorConfiguration
    let parameters: [String: Tensor]
    let images: [[Float]]
    let targets: [[TargetBox]]
    private let file: WeightFile

    init(folder: String) throws {
        configuration = try DetectorConfiguration.read(path: folder + "/config.json")
        var weights = try WeightFile(path: folder + "/weights.safetensors")
        parameters = try Dictionary(uniqueKeysWithValues: weights.names.map { ($0, try weights.take($0)) })
        file = try WeightFile(path: folder + "/training.safetensors")
        var file = file
        let pixels = try file.take("images").elements
        images = stride(from: 0, to: pixels.count, by: 64 * 64).map { Array(pixels[$0..<$0 + 64 * 64]) }
        let (boxes, labels) = (try file.take("boxes").elements, try file.take("labels").elements)
        targets = labels.enumerated().map { image, label in
            guard label >= 0 else { return [] }
            let b = Array(boxes[4 * image..<4 * image + 4])
            return [TargetBox(x0: b[0], y0: b[1], x1: b[2], y1: b[3], label: Int(label))]
        }
    }

    func elements(_ name: String) throws -> [Float] {
        var file = file
        return try file.take(name).elements
    }
}

func expectClose(
    _ a: [Float], _ b: [Float], tolerance: Float, _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(a.count == b.count, comment, sourceLocation: sourceLocation)
    let worst = zip(a, b).map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= tolerance, comment, sourceLocation: sourceLocation)
}
