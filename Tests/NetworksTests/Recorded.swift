import Foundation
import Tensors
import Testing

@testable import Networks

/// What `Tests/Peers/record_network.py` recorded from PyTorch.
struct Recorded {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let small = root.path + "/Tests/Peers/small"

    private let file: WeightFile

    init(_ path: String) throws { file = try WeightFile(path: path) }

    func elements(_ name: String) throws -> [Float] {
        var file = file
        return try file.take(name).elements
    }

    func rows(_ name: String) throws -> [[Float]] {
        var file = file
        let tensor = try file.take(name)
        let (elements, width) = (tensor.elements, tensor.shape.last)
        return stride(from: 0, to: elements.count, by: width).map { Array(elements[$0..<$0 + width]) }
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

/// A detector whose readout, and perhaps input size, is another than its file says.
func detector(_ directory: String, readout: DetectorConfiguration.Readout, size: Int? = nil) throws -> Detector {
    var configuration = try Detector(directory: directory).configuration
    configuration.readout = readout
    var detector = try Detector(
        configuration: configuration,
        network: DetectorNetwork(WeightFile(path: directory + "/weights.safetensors"), configuration),
        backend: Backend(.float32))
    if let size, size != configuration.inputSize { detector = try detector.resized(to: size) }
    return detector
}

/// Compares outputs, detections and every explanation of both readouts with what PyTorch said.
///
/// - Parameter threshold: detections below it are not compared; among many scores near 0 the order is a matter of rounding.
func expectAgreement(model: String, recorded path: String, threshold: Float = 0) throws {
    let recorded = try Recorded(path)
    let image = try recorded.elements("image")
    for readout in DetectorConfiguration.Readout.allCases {
        let detector = try detector(model, readout: readout, size: Int(Double(image.count).squareRoot()))
        let output = try detector.network.forward(image, readout: readout)
        let boxes = { (boxes: [Box]) in boxes.flatMap { [$0.x0, $0.y0, $0.x1, $0.y1] } }
        expectClose(
            output.proposals.logits.value.elements, try recorded.elements("dense.logits"), tolerance: 1e-4,
            "dense logits")
        expectClose(output.proposals.quality, try recorded.elements("dense.quality"), tolerance: 1e-4, "quality")
        expectClose(boxes(output.proposals.boxes), try recorded.elements("dense.boxes"), tolerance: 1e-2, "dense boxes")
        if detector.configuration.extents.maskChannels > 0 {
            let size = detector.configuration.inputSize
            let said = try detector.network(
                Tensor(image, [1, size, size, 1]), withQueries: false, isTraining: false)
            expectClose(try #require(said.mask).value.elements, try recorded.elements("mask"), tolerance: 1e-4, "mask")
        }
        expectClose([output.abnormalityLogit], try recorded.elements("abnormality"), tolerance: 1e-4, "abnormality")
        if let queries = output.queries {
            #expect(output.seeds.map { Float($0) } == (try recorded.elements("queries.seeds")))
            expectClose(
                queries.logits.value.elements, try recorded.elements("queries.logits"), tolerance: 1e-4, "query logits")
            expectClose(boxes(queries.boxes), try recorded.elements("queries.boxes"), tolerance: 1e-2, "query boxes")
        }
        let name = readout.rawValue
        let found = detector.network.detections(output, threshold: 0)
        let expected = try recorded.rows("\(name).detections").filter { $0[4...].max()! >= threshold }
        let compared = found.boxes.filter { $0.score >= threshold }
        #expect(compared.count == expected.count, "number of \(name) detections")
        let sources = try recorded.elements("\(name).sources").prefix(expected.count)
        #expect(compared.map { Float($0.source) } == Array(sources), "order of \(name) detections")
        for (detection, row) in zip(compared, expected) {
            expectClose([detection.x0, detection.y0, detection.x1, detection.y1], Array(row[..<4]), tolerance: 1e-2)
            expectClose(detection.probabilities, Array(row[4...]), tolerance: 1e-4)
            #expect(detection.score == detection.probabilities[detection.classIndex])
        }
        // The plan, which users' detections come from, says the same as the tape.
        let planned = try detector.detect(image, threshold: 0)
        expectClose([planned.abnormality], [found.abnormality], tolerance: 1e-4, "abnormality of the plan")
        #expect(planned.boxes.count == found.boxes.count)
        for (ours, tape) in zip(planned.boxes, found.boxes) where tape.score >= max(threshold, 0.01) {
            expectClose([ours.x0, ours.y0, ours.x1, ours.y1], [tape.x0, tape.y0, tape.x1, tape.y1], tolerance: 2e-2)
            expectClose(ours.probabilities, tape.probabilities, tolerance: 2e-4)
        }
        let first = Detections(boxes: Array(found.boxes.prefix(1)), abnormality: found.abnormality)
        let none = Detections(boxes: [], abnormality: found.abnormality)
        for (subject, key) in [(first, name), (none, "image")] where key != "queries" {
            let maps = try detector.explain(image, detections: subject, method: .hiResCAM, layer: .pyramid)
            expectClose(
                maps[0].values, try recorded.elements(key + ".hirescam.pyramid"), tolerance: 1e-4, "\(key), pyramid")
        }
        for method in ExplanationMethod.allCases {
            for (subject, key) in [(first, name), (none, "image")] {
                let layer = method == .hiResCAM ? ExplanationLayer.secondLastBlock : nil
                let maps = try detector.explain(image, detections: subject, method: method, layer: layer)
                #expect(maps.count == 1)
                let map = "\(key).\(method.rawValue)"
                expectClose(
                    maps[0].values, try recorded.elements(map), tolerance: 1e-4, Comment(rawValue: map))
            }
        }
    }
}
