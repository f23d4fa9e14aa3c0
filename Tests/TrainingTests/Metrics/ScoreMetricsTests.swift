import Foundation
import Testing

@testable import Training

struct ScoreMetricsTests {
    private let labels = [(0.1, false), (0.4, false), (0.35, true), (0.8, true)].map {
        ScoredLabel(score: $0.0, isPositive: $0.1)
    }

    @Test func sharesAtAThreshold() {
        #expect(sensitivity(labels, threshold: 0.35) == 1)
        #expect(sensitivity(labels, threshold: 0.5) == 0.5)
        #expect(specificity(labels, threshold: 0.35) == 0.5)
        #expect(specificity([], threshold: 0.35) == nil)
    }

    /// scikit-learn's example for roc_auc_score.
    @Test func areaUnderTheCurve() {
        #expect(areaUnderROC(labels) == 0.75)
        #expect(areaUnderROC(labels.map { ScoredLabel(score: 1, isPositive: $0.isPositive) }) == 0.5)
        #expect(areaUnderROC(labels.filter(\.isPositive)) == nil)
    }

    @Test func calibrationErrorOfKnownBins() throws {
        let bins = reliability(labels, bins: 2)
        #expect(bins.map(\.count) == [3, 1])
        #expect(abs(bins[0].positiveShare - 1.0 / 3) < 1e-12)
        // 0.75 * |0.85 / 3 - 1 / 3| + 0.25 * |0.8 - 1|
        let found = try #require(expectedCalibrationError(labels, bins: 2))
        #expect(abs(found - 0.0875) < 1e-12)
        #expect(expectedCalibrationError([]) == nil)
        #expect(reliability([ScoredLabel(score: 1, isPositive: true)]).count == 1)
    }

    @Test func intervalsCanBeHadAgain() throws {
        let values = (0..<100).map(Double.init)
        let mean = { (counts: [Int]) -> Double? in
            zip(values, counts).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(counts.reduce(0, +))
        }
        let first = try #require(bootstrapInterval(units: Array(0..<100), seed: 4, metric: mean))
        #expect(first == bootstrapInterval(units: Array(0..<100), seed: 4, metric: mean))
        #expect(first != bootstrapInterval(units: Array(0..<100), seed: 5, metric: mean))
        // The standard error of this mean is 2.9: 95 % lie within 1.96 of them.
        #expect(abs(first.low - 43.84) < 0.6)
        #expect(abs(first.high - 55.16) < 0.6)
        // Ten values of one patient are hardly more than one value.
        let blocks = try #require(bootstrapInterval(units: (0..<100).map { $0 / 10 }, seed: 4, metric: mean))
        #expect(blocks.high - blocks.low > 2.5 * (first.high - first.low))
        #expect(bootstrapInterval(units: [], metric: mean) == nil)
        // Each sample would be the same.
        #expect(bootstrapInterval(units: Array(repeating: 0, count: 100), metric: mean) == nil)
        #expect(bootstrapInterval(units: [0, 1], samples: 5) { _ in nil } == nil)
    }

    @Test func temperatureIsFoundAgain() throws {
        // Scores whose logits are three times too sure, and half too low.
        var labels: [ScoredLabel] = []
        for step in 1..<40 {
            let chance = Double(step) / 40
            let logit = (log(chance / (1 - chance)) - 0.5) * 3
            for number in 0..<40 { labels.append(ScoredLabel(score: 1 / (1 + exp(-logit)), isPositive: number < step)) }
        }
        let fitted = try #require(TemperatureScaling(fitting: labels))
        #expect(abs(fitted.temperature - 3) < 1e-3 && abs(fitted.bias - 0.5) < 1e-3)
        let scaled = labels.map { ScoredLabel(score: fitted.scaled($0.score), isPositive: $0.isPositive) }
        #expect(try #require(expectedCalibrationError(labels)) > 0.1)
        #expect(try #require(expectedCalibrationError(scaled)) < 1e-3)
        #expect(TemperatureScaling(fitting: labels.filter(\.isPositive)) == nil)
        #expect(TemperatureScaling.crossFitted(labels, halves: labels.indices.map { $0 % 2 == 0 }) != nil)
    }
}
