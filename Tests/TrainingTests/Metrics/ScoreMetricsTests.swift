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
        let mean = { (v: [Double]) -> Double? in v.reduce(0, +) / Double(v.count) }
        let first = try #require(bootstrapInterval(values, seed: 4, metric: mean))
        #expect(first == bootstrapInterval(values, seed: 4, metric: mean))
        #expect(first != bootstrapInterval(values, seed: 5, metric: mean))
        // The standard error of this mean is 2.9: 95 % lie within 1.96 of them.
        #expect(abs(first.low - 43.84) < 0.6)
        #expect(abs(first.high - 55.16) < 0.6)
        #expect(bootstrapInterval([Double](), metric: mean) == nil)
        #expect(bootstrapInterval(values, samples: 5) { _ in nil } == nil)
    }
}
