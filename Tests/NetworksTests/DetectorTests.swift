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
            for map in maps {
                // Off the pyramid, cells of stride 8, whatever the box's own level is.
                let side = method == .hiResCAM ? 8 : 4
                #expect(map.height == side && map.width == side)
                #expect(map.values.allSatisfy { $0 >= 0 && $0 <= 1 })
            }
        }
        let plain = try detector.explain(image, detections: detections, method: .hiResCAM, layer: .pyramid)
        for (map, box) in zip(plain, detections.boxes) { #expect(map.width == (box.source < 64 ? 8 : 4)) }
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

    /// One cell becomes a product of two Gaussians around its place: greater the nearer, and nowhere nothing.
    @Test func aSpreadMapRanksSurroundings() {
        var raw = [Float](repeating: 0, count: 16)
        raw[5] = 2
        let spread = HeatmapGrid(height: 4, width: 4, raw: raw).spread(overCells: 4)
        for (cell, value) in spread.values.enumerated() {
            let (down, across) = (Float(cell / 4 - 1), Float(cell % 4 - 1))
            let square = down * down + across * across
            #expect(abs(value - exp(-square / 4.5) * exp(-square / 18)) < 1e-6)
        }
        let finer = HeatmapGrid(height: 2, width: 2, raw: [0, 1, 0, 0]).spread(overCells: 8)
        #expect(
            finer.values.allSatisfy { $0 > 0 } && finer.values.firstIndex(of: 1).map { $0 % 8 > 3 && $0 < 32 } == true)
        // Of equal cells the one between others becomes the greatest.
        let row = HeatmapGrid(height: 8, width: 8, raw: (0..<64).map { (25...29).contains($0) ? 1 : 0 })
        #expect(row.spread(overCells: 8).values.firstIndex(of: 1) == 27)
        #expect(HeatmapGrid(height: 2, width: 2, raw: [0, 0, 0, 0]).spread(overCells: 4).values.allSatisfy { $0 == 0 })
    }
}
