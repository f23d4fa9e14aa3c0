import Networks
import Testing
import Volumes

@testable import Stages

@Suite struct FindingLinkerTests {
    private func slice(_ index: Int, _ boxes: [(x: Double, score: Float)]) -> SliceDetections {
        SliceDetections(
            slice: index,
            detections: Detections(
                boxes: boxes.map {
                    Detection(
                        x0: 0, y0: 0, x1: 1, y1: 1, classIndex: 0, score: $0.score,
                        probabilities: [$0.score, 1 - $0.score], source: 0)
                }, abnormality: 0),
            boxes: boxes.map { Box(x: $0.x...$0.x + 10, y: 0...10, slice: index) }, imageHash: 0)
    }

    @Test func neighbouringBoxesBecomeOneFinding() {
        let linker = FindingLinker(classes: ["a", "b"], step: 1, minimumSlices: 2)
        let findings = linker.findings(in: [
            slice(4, [(0, 0.6), (50, 0.9)]), slice(5, [(1, 0.8)]), slice(6, [(2, 0.7)]), slice(9, [(2, 0.9)]),
        ])
        // The box at 50 and the one in slice 9 stand alone: noise.
        #expect(findings.count == 1)
        #expect(findings[0].keySlice == 5)
        #expect(findings[0].box == Box(lower: [0, 0, 4], upper: [12, 10, 7]))
        #expect(findings[0].label == "a")
        #expect(abs(findings[0].score - 0.8) < 1e-6)
    }

    /// The surest slice says both what it is and how sure that is.
    @Test func labelAndScoreAreOfOneSlice() {
        let linker = FindingLinker(classes: ["a", "b"], step: 1, minimumSlices: 1)
        func slice(_ index: Int, _ probabilities: [Float]) -> SliceDetections {
            let best = probabilities[0] > probabilities[1] ? 0 : 1
            let detection = Detection(
                x0: 0, y0: 0, x1: 1, y1: 1, classIndex: best, score: probabilities[best], probabilities: probabilities,
                source: 0)
            return SliceDetections(
                slice: index, detections: Detections(boxes: [detection], abnormality: 0),
                boxes: [Box(x: 0...10, y: 0...10, slice: index)], imageHash: 0)
        }
        let finding = linker.findings(in: [slice(0, [0, 0.98]), slice(1, [0.54, 0]), slice(2, [0.54, 0.1])])[0]
        #expect(finding.label == "b" && finding.keySlice == 0)
        #expect(finding.probabilities.map { Float($0) } == [0, 0.98] && Float(finding.score) == 0.98)
    }

    @Test func findingsComeByScore() {
        let linker = FindingLinker(classes: ["a", "b"], step: 1, minimumSlices: 1)
        let findings = linker.findings(in: [slice(0, [(0, 0.3), (50, 0.9), (90, 0.5)])])
        #expect(findings.map { ($0.score * 10).rounded() } == [9, 5, 3])
    }

    @Test func aGapOfOneLookIsBridged() {
        let linker = FindingLinker(classes: ["a", "b"], step: 3, minimumSlices: 2)
        #expect(linker.findings(in: [slice(0, [(0, 0.8)]), slice(6, [(0, 0.8)])]).count == 1)
        #expect(linker.findings(in: [slice(0, [(0, 0.8)]), slice(9, [(0, 0.8)])]).isEmpty)
    }
}
