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

    /// One cell becomes a Gaussian around its place, greater the nearer and nowhere nothing, times what is said of each place.
    @Test func aSpreadMapRanksSurroundings() {
        func even(_ side: Int) -> [Float] { [Float](repeating: 0.5, count: side * side) }
        var raw = [Float](repeating: 0, count: 16)
        raw[5] = 2
        let cell = HeatmapGrid(height: 4, width: 4, raw: raw)
        for (place, value) in cell.spread(overCells: 4, weighedBy: even(4)).values.enumerated() {
            let (down, across) = (Float(place / 4 - 1), Float(place % 4 - 1))
            #expect(abs(value - exp(-(down * down + across * across) / 4.5)) < 1e-6)
        }
        var scores = even(4)
        scores[6] = 0.9
        let weighed = cell.spread(overCells: 4, weighedBy: scores).values
        #expect(weighed[6] == 1 && abs(weighed[5] - 0.5 / 0.9 * exp(1 / 4.5)) < 1e-6)
        let finer = HeatmapGrid(height: 2, width: 2, raw: [0, 1, 0, 0]).spread(overCells: 8, weighedBy: even(8))
        #expect(
            finer.values.allSatisfy { $0 > 0 } && finer.values.firstIndex(of: 1).map { $0 % 8 > 3 && $0 < 32 } == true)
        let nothing = HeatmapGrid(height: 2, width: 2, raw: [0, 0, 0, 0]).spread(overCells: 4, weighedBy: even(4))
        #expect(nothing.values.allSatisfy { $0 == 0 })
    }

    /// A cell of a coarser level covers the finer ones below it.
    @Test func cellScoresAreTheGreatestOfAnyLevel() throws {
        // Levels of 4 x 4, 2 x 2 and 1 cells, of two classes.
        var logits = [Float](repeating: -8, count: 21 * 2)
        logits[2 * 3] = 1
        logits[2 * (16 + 2)] = 0
        logits[2 * 20 + 1] = -2
        let tensor = try Tensor(logits, [1, 21, 2])
        let first = cellScores(tensor, of: [0], side: 4)
        #expect(first[3] == logistic(1) && first[8] == 0.5 && first[13] == 0.5 && first[10] == logistic(-8))
        #expect(cellScores(tensor, of: 0..<2, side: 4)[10] == logistic(-2))
    }
}
