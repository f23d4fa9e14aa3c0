import Testing

@testable import Training

/// Numbers that were worked out by hand.
struct DetectionMetricsTests {
    private func box(_ x: Float, _ label: String = "a", width: Float = 10) -> LabelledBox {
        LabelledBox(x0: x, y0: 0, x1: x + width, y1: 10, label: label)
    }

    private func scored(_ x: Float, _ score: Double, _ label: String = "a") -> ScoredBox {
        ScoredBox(box: box(x, label), score: score)
    }

    /// Three images: two true boxes, one, none. By falling score: hit, miss, hit, miss (double), and one never found.
    private var images: [ImageResult] {
        [
            ImageResult(found: [scored(0, 0.9), scored(1, 0.3)], truth: [box(0), box(50)]),
            ImageResult(found: [scored(2, 0.6), scored(30, 0.8)], truth: [box(0)]),
            ImageResult(found: [], truth: []),
        ]
    }

    @Test func overlapIsIntersectionOverUnion() {
        #expect(box(0).overlap(box(5)) == 1.0 / 3)
        #expect(box(0).overlap(box(10)) == 0)
        #expect(box(0).overlap(box(0)) == 1)
    }

    @Test func aTrueBoxIsHitOnce() {
        let matches = Matches(images, iou: 0.5)
        #expect(matches.boxes.map(\.isHit) == [true, false, true, false])
        #expect(matches.truthCount == 3)
    }

    @Test func averagePrecisionOfAKnownCurve() throws {
        let matches = Matches(images, iou: 0.5)
        // recall 1/3 at precision 1, then 2/3 at precision 2/3
        let exact = try #require(averagePrecision(matches, .allPoints))
        #expect(abs(exact - 5.0 / 9) < 1e-12)
        // recalls 0 .. 0.33 (34 of them), then 0.34 .. 0.66 (33)
        let coco = try #require(averagePrecision(matches, .recall101))
        #expect(abs(coco - 56.0 / 101) < 1e-12)
        #expect(averagePrecision(Matches([], iou: 0.5)) == nil)
    }

    @Test func classesAreCountedApart() throws {
        let mixed = [
            ImageResult(found: [scored(0, 0.9, "b")], truth: [box(0, "a")]),
            ImageResult(found: [scored(0, 0.8, "b")], truth: [box(0, "b")]),
        ]
        #expect(meanAveragePrecision(mixed, labels: ["a", "b", "c"], iou: 0.5, .allPoints) == 0.25)
        #expect(averagePrecision(Matches(mixed, iou: 0.5), .allPoints) == 1)
        #expect(meanAveragePrecision(mixed, labels: ["c"], iou: 0.5) == nil)
        let perfect = [ImageResult(found: [scored(0, 0.5)], truth: [box(0)])]
        let whole = try #require(cocoMeanAveragePrecision(perfect, labels: ["a"]))
        #expect(abs(whole - 1) < 1e-12)
    }

    @Test func operatingPoints() throws {
        let froc = try #require(FROC(Matches(images, iou: 0.5)))
        #expect(froc.sensitivity(atFalsePositivesPerImage: 0) == 1.0 / 3)
        #expect(froc.sensitivity(atFalsePositivesPerImage: 0.34) == 2.0 / 3)
        #expect(froc.points.last?.falsePositivesPerImage == 2.0 / 3)
        #expect(abs(froc.competitionPerformance - 12.0 / 21) < 1e-12)
        #expect(FROC(Matches([], iou: 0.5)) == nil)
    }

    @Test func concordanceNeedsOverlapAboveTheLimit() {
        #expect(spatialConcordance(images, threshold: 0.5) == 2.0 / 3)
        #expect(spatialConcordance(images, threshold: 0.7) == 1.0 / 3)
        #expect(spatialConcordance([], threshold: 0.5) == nil)
    }

    @Test func samplesCountImagesAsOftenAsTheyAreDrawn() {
        let matches = Matches(images, iou: 0.5)
        #expect(matches.resampled([1, 1, 1]) == matches)
        let drawn = matches.resampled([0, 2, 1])
        #expect(drawn.truthCount == 2 && drawn.imageCount == 3)
        #expect(drawn.boxes.map(\.score) == [0.8, 0.8, 0.6, 0.6])
        #expect(drawn.sensitivity(threshold: 0.7) == 0)
        #expect(drawn.falsePositivesPerImage(threshold: 0.7) == 2.0 / 3)
    }

    @Test func sizesAreCutIntoQuarters() throws {
        let widths: [Float] = [40, 10, 30, 20]
        let image = ImageResult(
            found: [ScoredBox(box: box(0, width: 10), score: 0.9), ScoredBox(box: box(100, width: 40), score: 0.2)],
            truth: [
                box(100, width: widths[0]), box(0, width: widths[1]), box(300, width: widths[2]),
                box(500, width: widths[3]),
            ])
        let quartiles = sizeQuartiles(Matches([image], iou: 0.5), threshold: 0.5)
        #expect(quartiles.map(\.count) == [1, 1, 1, 1])
        #expect(quartiles.map(\.sensitivity) == [1, 0, 0, 0])
        #expect(quartiles[3].largest == 20)
        #expect(sizeQuartiles(Matches([], iou: 0.5), threshold: 0.5).isEmpty)
    }

    /// 0.1 as a Float is above 0.1, and in the bin of 0.15.
    @Test func scoresKeepTheirDigits() {
        let matches = Matches([ImageResult(found: [scored(0, 0.1), scored(20, 0.15)], truth: [])], iou: 0.5)
        let bins = reliability(matches.boxes.map { ScoredLabel(score: $0.score, isPositive: $0.isHit) })
        #expect(bins.map(\.meanScore) == [0.1, 0.15])
        #expect(matches.falsePositivesPerImage(threshold: 0.1) == 2)
    }

    @Test func scoresThatAreNoneAreRefused() {
        for bad in [Double.nan, -0.1, 1.5, .infinity] {
            let image = ImageResult(found: [scored(0, bad)], truth: [])
            #expect(throws: TrainingError.score(place: "image 2")) {
                try checkScores([ImageResult(found: [], truth: []), image])
            }
        }
    }

    @Test func readersAgreeOnMeans() {
        func drawn(_ x: Float, _ reader: String?) -> LabelledBox {
            LabelledBox(x0: x, y0: 0, x1: x + 10, y1: 10, label: "a", reader: reader)
        }
        let agreed = consensus([drawn(0, "1"), drawn(2, "2"), drawn(50, "1"), drawn(52, "1"), drawn(90, nil)])
        #expect(agreed == [drawn(90, nil), drawn(1, nil)])
    }
}
