import Testing

@testable import Networks

/// What explanations are measured by.
struct AuditTests {
    private func small() throws -> (detector: Detector, image: [Float], detections: Detections) {
        let detector = try Detector(directory: Recorded.small)
        let image = try Recorded(Recorded.small + "/expected.safetensors").elements("image")
        return (detector, image, try detector.detect(image, threshold: 0.01))
    }

    @Test func layersReadDifferentPlaces() throws {
        let (detector, image, detections) = try small()
        let first = Detections(boxes: [detections.boxes[0]], abnormality: 0)
        func map(_ method: ExplanationMethod, _ layer: ExplanationLayer?) throws -> HeatmapGrid {
            try detector.explain(image, detections: first, method: method, layer: layer)[0]
        }
        for method in ExplanationMethod.allCases {
            guard let layer = method.defaultLayer else {
                #expect(try map(method, .middle) == map(method, nil))
                continue
            }
            #expect(try map(method, layer) == map(method, nil))
            #expect(Set(try ExplanationLayer.allCases.map { try map(method, $0) }).count > 1, "\(method)")
        }
        // Three blocks: the output of the last but one is the input of the last.
        #expect(ExplanationLayer.secondLastBlock.firstBlock(of: 3) == 2)
        #expect(ExplanationLayer.middle.firstBlock(of: 3) == 1)
    }

    @Test func aMapOfTheBoxesOwnPixelsIsMoreFaithfulThanItsOpposite() throws {
        let (detector, image, detections) = try small()
        let best = detections.boxes[0]
        func filled(_ inside: Float) -> HeatmapGrid {
            let side = 16
            let raw = (0..<side * side).map { index -> Float in
                let (x, y) = ((Float(index % side) + 0.5) * 4, (Float(index / side) + 0.5) * 4)
                return (best.x0...best.x1).contains(x) && (best.y0...best.y1).contains(y) ? inside : 1 - inside
            }
            return HeatmapGrid(height: side, width: side, raw: raw)
        }
        let black = try PixelRemoval(detector, image, best, baseline: .zero)
        let (own, other) = (
            try black.faithfulness(of: filled(1)), try black.faithfulness(of: filled(0))
        )
        #expect(own != other)
        #expect(own == (try black.faithfulness(of: filled(1))))
        // One step: all is removed, all is there again.
        let whole = try PixelRemoval(detector, image, best).faithfulness(of: filled(1), steps: 1)
        #expect(whole.insertion == 1 && whole.deletion < 1.5 && whole.deletion >= 0)
        var foreign = best
        foreign.source = 4000
        #expect(throws: NetworkError.foreignDetection(index: 0)) {
            try PixelRemoval(detector, image, foreign)
        }
    }

    @Test func comparisonMaps() throws {
        let (detector, image, _) = try small()
        let blob = HeatmapGrid.centredBlob(side: 12)
        #expect(blob.values[5 * 12 + 5] == 1 && blob.values[0] < 0.05)
        #expect(HeatmapGrid.random(side: 12, seed: 1) == .random(side: 12, seed: 1))
        #expect(HeatmapGrid.random(side: 12, seed: 1) != .random(side: 12, seed: 2))
        let scores = try detector.objectness(image)
        #expect(scores.height == 8 && scores.width == 8 && scores.values.max() == 1)
    }

    @Test func samplingKeepsCellsAndRepeatsTheEdge() {
        let map = HeatmapGrid(height: 1, width: 2, raw: [0, 1])
        #expect(map.values(width: 2, height: 1) == [0, 1])
        #expect(map.values(width: 4, height: 2) == [0, 0.25, 0.75, 1, 0, 0.25, 0.75, 1])
    }

    @Test func weightsLoseTheirMeaningFromTheOutput() throws {
        let (detector, image, detections) = try small()
        let cascade = try CascadingRandomization(directory: Recorded.small)
        #expect(cascade.parts.first == "heads" && cascade.parts.last == "stem")
        let blocks = cascade.parts.filter { $0.hasPrefix("stage2.blocks") }
        #expect(blocks == ["stage2.blocks.2", "stage2.blocks.1", "stage2.blocks.0"])
        #expect(try cascade.detector(shuffling: 0).detect(image, threshold: 0.01) == detections)
        let broken = try cascade.detector(shuffling: cascade.parts.count)
        #expect(try broken.detect(image, threshold: 0.01) != detections)
        #expect(
            try broken.detect(image, threshold: 0.01)
                == cascade.detector(shuffling: cascade.parts.count).detect(image, threshold: 0.01))
        _ = detector
    }
}
