import Foundation
import Testing

@testable import Training

/// Against what pycocotools, scikit-learn, statsmodels, SciPy and MONAI said (`Tests/Peers/record_metrics.py`).
struct RecordedMetricsTests {
    private struct Recorded: Decodable {
        struct Image: Decodable {
            var truth: [[Double]]
            var found: [[Double]]
        }
        struct Detection: Decodable {
            var mAP50, mAP40, mAPCOCO, anyAP50, anyAP75: Double
            var classAP50: [Double]
        }
        struct Scores: Decodable {
            var score, second: [Double]
            var positive: [Bool]
            var reliability: [[Double]]
            var auc, delongError, sensitivity, specificity, temperature, bias, ece, spearman: Double
        }
        struct Agreement: Decodable {
            var first, second: [Int]
            var counts: [[Int]]
            var firstRight, secondRight: [Bool]
            var cohen, fleiss, exactP, statistic, correctedP: Double
        }
        struct Masks: Decodable {
            var shape: [Int]
            var spacing: [Double]
            var a, b: String
            var dice, hd95: Double
        }
        var images: [Image]
        var detection: Detection
        var scores: Scores
        var agreement: Agreement
        var masks: [Masks]
    }

    private let recorded: Recorded

    init() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        recorded = try JSONDecoder().decode(
            Recorded.self, from: Data(contentsOf: root.appendingPathComponent("Peers/expected/metrics.json")))
    }

    private func expectClose(
        _ a: Double?, _ b: Double, _ tolerance: Double = 1e-9, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(abs((a ?? .infinity) - b) <= tolerance, "\(a ?? .nan), not \(b)", sourceLocation: sourceLocation)
    }

    @Test func averagePrecisionIsThatOfPycocotools() {
        let images = recorded.images.map { image in
            func box(_ row: [Double]) -> LabelledBox {
                LabelledBox(
                    x0: Float(row[0]), y0: Float(row[1]), x1: Float(row[2]), y1: Float(row[3]),
                    label: "\(Int(row[4]))")
            }
            return ImageResult(
                found: image.found.map { ScoredBox(box: box($0), score: Float($0[5])) }, truth: image.truth.map(box))
        }
        let (labels, expected) = (["0", "1", "2"], recorded.detection)
        expectClose(meanAveragePrecision(images, labels: labels, iou: 0.5), expected.mAP50)
        expectClose(meanAveragePrecision(images, labels: labels, iou: 0.4), expected.mAP40)
        expectClose(cocoMeanAveragePrecision(images, labels: labels), expected.mAPCOCO)
        for (label, value) in zip(labels, expected.classAP50) {
            expectClose(averagePrecision(Matches(images, iou: 0.5, label: label)), value)
        }
        expectClose(averagePrecision(Matches(images, iou: 0.5)), expected.anyAP50)
        expectClose(averagePrecision(Matches(images, iou: cocoOverlaps[5])), expected.anyAP75)
    }

    @Test func scoresOfImages() throws {
        let expected = recorded.scores
        let labels = zip(expected.score, expected.positive).map { ScoredLabel(score: $0, isPositive: $1) }
        expectClose(areaUnderROC(labels), expected.auc)
        let curve = try #require(DeLong(labels))
        expectClose(curve.area, expected.auc)
        expectClose(curve.standardError, expected.delongError)
        #expect(curve.interval.low < curve.area && curve.area < curve.interval.high)
        expectClose(sensitivity(labels, threshold: 0.5), expected.sensitivity)
        expectClose(specificity(labels, threshold: 0.5), expected.specificity)
        expectClose(rankCorrelation(expected.score, expected.second), expected.spearman)
        #expect(DeLong(Array(labels.filter(\.isPositive))) == nil && rankCorrelation([1, 1], [1, 2]) == nil)
    }

    @Test func calibration() throws {
        let expected = recorded.scores
        let labels = zip(expected.score, expected.positive).map { ScoredLabel(score: $0, isPositive: $1) }
        let fitted = try #require(TemperatureScaling(fitting: labels))
        expectClose(fitted.temperature, expected.temperature, 1e-4)
        expectClose(fitted.bias, expected.bias, 1e-4)
        let bins = reliability(labels)
        #expect(bins.map { Double($0.count) } == expected.reliability.map { $0[0] })
        for (bin, row) in zip(bins, expected.reliability) {
            expectClose(bin.meanScore, row[1])
            expectClose(bin.positiveShare, row[2])
        }
        expectClose(expectedCalibrationError(labels), expected.ece)
    }

    @Test func agreement() {
        let expected = recorded.agreement
        expectClose(cohensKappa(expected.first, expected.second), expected.cohen)
        expectClose(fleissKappa(expected.counts), expected.fleiss)
        let test = McNemar(expected.firstRight, expected.secondRight)
        expectClose(test.exactP, expected.exactP)
        expectClose(test.statistic, expected.statistic)
        expectClose(test.correctedP, expected.correctedP)
        #expect(McNemar([true, false], [true, false]).exactP == 1)
        #expect(cohensKappa([1, 1], [1, 1]) == nil && cohensKappa([Int](), []) == nil && fleissKappa([]) == nil)
    }

    @Test func distancesOfMasks() {
        for expected in recorded.masks {
            let (a, b) = (expected.a.map { $0 == "1" }, expected.b.map { $0 == "1" })
            let s = expected.spacing
            expectClose(dice(a, b), expected.dice, 1e-6)
            expectClose(
                hausdorffDistance95(
                    a, b, shape: (expected.shape[0], expected.shape[1], expected.shape[2]),
                    spacing: (s[0], s[1], s[2])), expected.hd95, 1e-5)
        }
        let nothing = [Bool](repeating: false, count: 6)
        #expect(dice(nothing, nothing) == nil)
        #expect(hausdorffDistance95(nothing, nothing.map { !$0 }, shape: (1, 2, 3)) == nil)
    }

    @Test func boxesAsMasks() {
        let mask = mask([LabelledBox(x0: 0.6, y0: 0, x1: 3, y1: 1.5, label: "a")], PixelExtent(width: 4, height: 3))
        #expect(mask.map { $0 ? 1 : 0 } == [0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test func boxesOfAnySizeEndWithTheImage() {
        let box = LabelledBox(x0: -1e30, y0: 1, x1: 1e30, y1: .infinity, label: "a")
        #expect(mask([box], PixelExtent(width: 2, height: 3)) == [false, false, true, true, true, true])
    }
}
