import Foundation
import Tensors
import Testing

@testable import Networks

struct DetectorTests {
    @Test func agreesWithPyTorch() throws {
        try expectAgreement(model: Recorded.small, recorded: Recorded.small + "/expected.safetensors")
    }

    @Test func oneMapForEachBox() throws {
        let detector = try Detector(directory: Recorded.small)
        let image = try Recorded(Recorded.small + "/expected.safetensors").elements("image")
        let detections = try detector.detect(image, threshold: 0.01)
        #expect(detections.boxes.count > 1)
        for method in ExplanationMethod.allCases {
            let maps = try detector.explain(image, detections: detections, method: method)
            #expect(maps.count == detections.boxes.count)
            for (map, box) in zip(maps, detections.boxes) {
                // Off the pyramid, the cells of the box's own level: of strides 8 and 16.
                let side = method == .hiResCAM && box.source < 64 ? 8 : 4
                #expect(map.height == side && map.width == side)
                #expect(map.values.allSatisfy { $0 >= 0 && $0 <= 1 })
            }
        }
        let maps = try detector.explain(image, detections: detections, method: .hiResCAM)
        #expect(maps[0] != maps[1])
    }

    @Test func thresholdsAndOrder() throws {
        let detector = try Detector(directory: Recorded.small)
        let image = try Recorded(Recorded.small + "/expected.safetensors").elements("image")
        let all = try detector.detect(image, threshold: 0)
        #expect(all.boxes.map(\.score) == all.boxes.map(\.score).sorted(by: >))
        let middle = all.boxes[all.boxes.count / 2].score
        let fewer = try detector.detect(image, threshold: middle)
        #expect(fewer.boxes == all.boxes.filter { $0.score >= middle })
        #expect(try detector.detect(image, threshold: 1.1).boxes.isEmpty)
    }

    @Test func repetitionGivesTheSameBits() throws {
        let detector = try Detector(directory: Recorded.small)
        let image = try Recorded(Recorded.small + "/expected.safetensors").elements("image")
        let first = try detector.detect(image, threshold: 0)
        for _ in 0..<5 { #expect(try detector.detect(image, threshold: 0) == first) }
    }

    @Test func badImagesAreErrors() throws {
        let detector = try Detector(directory: Recorded.small)
        #expect(throws: NetworkError.imageSize(expected: 4096, found: 3)) {
            try detector.detect([0, 0, 0], threshold: 0)
        }
        var image = [Float](repeating: 0, count: 4096)
        image[7] = .nan
        #expect(throws: NetworkError.imageNotFinite(index: 7)) { try detector.detect(image, threshold: 0) }
        image[7] = 0
        let foreign = Detection(
            x0: 0, y0: 0, x1: 1, y1: 1, classIndex: 0, score: 1, probabilities: [1, 0], source: 80)
        #expect(throws: NetworkError.foreignDetection(index: 0)) {
            try detector.explain(image, detections: Detections(boxes: [foreign], abnormality: 0), method: .gradCAM)
        }
    }
}
