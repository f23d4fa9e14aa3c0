import Networks
import Training

/// One number of an evaluation.
struct EvaluatedMetric {
    var name: String
    var value: Double?
    var interval: Interval?
}

/// All numbers of an evaluation: of boxes, of image scores, of calibration.
struct EvaluationMetrics {
    let results: [EvaluatedImage]
    /// Places of the images that boxes are measured on: not of those with findings and no box, where a found box would be
    /// neither hit nor false alarm.
    let located: [Int]
    let classes: [String]
    /// "At threshold" metrics count boxes of at least this score.
    let threshold: Double
    /// Of the scores; nil when another program made them.
    let calibration: DetectorConfiguration.Calibration?
    /// What images are drawn together by the bootstrap, and of each image which.
    let unit: BootstrapUnit
    let units: [Int]

    private(set) var metrics: [EvaluatedMetric] = []
    private(set) var quartiles: [SizeQuartile] = []
    /// At IoU 0.5, classes ignored: what curves are drawn from.
    let matches: Matches
    /// Scores of boxes as they came, as the network had them before calibration, and scaled anew on the other half.
    private(set) var calibrations: [(name: String, labels: [ScoredLabel])] = []

    private static let samples = 500

    /// - Parameter blockSize: file numbers that make a block where patients are not known; nil draws single images.
    /// - Throws: `TrainingError.score` for scores outside [0, 1].
    init(
        _ results: [EvaluatedImage], classes: [String], threshold: Double,
        calibration: DetectorConfiguration.Calibration?, blockSize: Int?
    ) throws(TrainingError) {
        self.results = results
        self.classes = classes
        self.threshold = threshold
        self.calibration = calibration
        try checkScores(results.map(\.result))
        located = results.indices.filter { !results[$0].image.hasUnplacedFindings }
        let images = located.map { results[$0].result }
        (unit, units) = BootstrapUnit.units(results.map(\.image), blockSize: blockSize)
        matches = Matches(images, iou: 0.5)
        addDetection(images)
        addAtThreshold(images)
        addCalibration()
        addImages()
    }

    private mutating func add(_ name: String, _ measure: ([Int]) -> Double?) {
        metrics.append(
            EvaluatedMetric(
                name: name, value: measure([Int](repeating: 1, count: results.count)),
                interval: bootstrapInterval(units: units, samples: Self.samples, metric: measure)))
    }

    private mutating func add(_ name: String, _ matches: Matches, _ measure: (Matches) -> Double?) {
        add(name) { [located] in measure(matches.resampled(located.of($0))) }
    }

    private mutating func addDetection(_ images: [ImageResult]) {
        func byClass(_ iou: Double) -> [Matches] { classes.map { Matches(images, iou: iou, label: $0) } }
        let (half, four) = (byClass(0.5), byClass(0.4))
        add("mAP50 over classes") { [located] in
            let counts = located.of($0)
            return meanAveragePrecision(half.map { $0.resampled(counts) })
        }
        add("mAP40 over classes") { [located] in
            let counts = located.of($0)
            return meanAveragePrecision(four.map { $0.resampled(counts) })
        }
        metrics.append(
            EvaluatedMetric(name: "mAP50:95 over classes", value: cocoMeanAveragePrecision(images, labels: classes)))
        for (name, matches) in zip(classes, half) where matches.truthCount > 0 {
            add("AP50 \(name)", matches) { averagePrecision($0) }
        }
        add("AP50, classes ignored", matches) { averagePrecision($0) }
        add("AP40, classes ignored", Matches(images, iou: 0.4)) { averagePrecision($0) }
        for limit in [0.125, 0.36, 1] {
            add("sensitivity at \(limit) false positives per image", matches) {
                FROC($0)?.sensitivity(atFalsePositivesPerImage: limit)
            }
        }
        add("competition performance metric", matches) { FROC($0)?.competitionPerformance }
    }

    private mutating func addAtThreshold(_ images: [ImageResult]) {
        let threshold = threshold
        add("sensitivity at threshold \(threshold)", matches) { $0.sensitivity(threshold: threshold) }
        add("false positives per image at threshold", matches) { $0.falsePositivesPerImage(threshold: threshold) }
        add("spatial concordance (IoU > 0.3) at threshold") { [located] counts in
            let drawn = zip(images, located.of(counts)).flatMap { repeatElement($0, count: $1) }
            return spatialConcordance(drawn, threshold: threshold)
        }
        let areas = located.map { BoxAreas(results[$0], threshold: threshold) }
        add("Dice of areas in boxes at threshold") { [located] in mean(areas.map(\.dice), located.of($0)) }
        add("HD95 of areas in boxes at threshold, pixels") { [located] in mean(areas.map(\.hausdorff), located.of($0)) }
        let pairs = classPairs(images)
        metrics.append(
            EvaluatedMetric(
                name: "Cohen's kappa of the class of boxes found at threshold",
                value: cohensKappa(pairs.map(\.0), pairs.map(\.1))))
        quartiles = sizeQuartiles(matches, threshold: threshold)
        for (index, quartile) in quartiles.enumerated() {
            metrics.append(
                EvaluatedMetric(
                    name:
                        "sensitivity at threshold, size quartile \(index + 1) (\(Int(quartile.smallest.rounded())) to \(Int(quartile.largest.rounded())) pixels)",
                    value: quartile.sensitivity))
        }
    }

    /// Classes of each true box and of the best found box over it.
    private func classPairs(_ images: [ImageResult]) -> [(String, String)] {
        images.flatMap { image in
            image.truth.compactMap { truth -> (String, String)? in
                image.found.filter { $0.score >= threshold && $0.box.overlap(truth) >= 0.5 }
                    .max { $0.score < $1.score }.map { (truth.label, $0.box.label) }
            }
        }
    }

    private mutating func addCalibration() {
        // Boxes that nobody is shown would make the error small by their number.
        let boxes = matches.boxes.filter { $0.score >= 0.02 }
        let labels = boxes.map { ScoredLabel(score: $0.score, isPositive: $0.isHit) }
        let owners = boxes.map { located[$0.image] }
        func add(_ name: String, _ labels: [ScoredLabel]) {
            calibrations.append((name, labels))
            self.add("expected calibration error of box scores, \(name)") { counts in
                expectedCalibrationError(zip(labels, owners).flatMap { repeatElement($0, count: counts[$1]) })
            }
        }
        add("as given", labels)
        if let calibration {
            let before = TemperatureScaling(
                temperature: 1 / Double(calibration.temperature),
                bias: -Double(calibration.bias) * Double(calibration.temperature))
            add(
                "before temperature scaling",
                labels.map { ScoredLabel(score: before.scaled($0.score), isPositive: $0.isPositive) })
        }
        // Whole units go to one half.
        let halves = owners.map { units[$0] % 2 == 1 }
        if let refitted = TemperatureScaling.crossFitted(labels, halves: halves) {
            add("scaled anew, cross-fitted", refitted)
        }
    }

    private mutating func addImages() {
        let positive = results.map(\.image.isAbnormal)
        let best = results.map { image in image.result.found.map(\.score).max() ?? 0 }
        func addScore(_ name: String, _ scores: [Double], _ limit: Double) {
            let labels = zip(scores, positive).map { ScoredLabel(score: $0, isPositive: $1) }
            func drawn(_ counts: [Int]) -> [ScoredLabel] {
                zip(labels, counts).flatMap { repeatElement($0, count: $1) }
            }
            let curve = DeLong(labels)
            metrics.append(
                EvaluatedMetric(
                    name: "\(name): area under ROC (DeLong)", value: areaUnderROC(labels), interval: curve?.interval))
            add("\(name): sensitivity at \(limit)") { sensitivity(drawn($0), threshold: limit) }
            add("\(name): specificity at \(limit)") { specificity(drawn($0), threshold: limit) }
            metrics.append(
                EvaluatedMetric(
                    name: "\(name): Cohen's kappa at \(limit)",
                    value: cohensKappa(scores.map { $0 >= limit }, positive)))
        }
        addScore("best box of an image", best, threshold)
        let scores = results.compactMap(\.abnormality)
        if scores.count == results.count { addScore("abnormality of an image", scores, 0.5) }
        if let agreement = readerAgreement {
            metrics.append(EvaluatedMetric(name: "Fleiss' kappa of readers, any box in an image", value: agreement))
        }
    }

    /// Of images that as many readers saw as most did.
    private var readerAgreement: Double? {
        let seen = results.map(\.image).filter { $0.readers.count > 1 }
        let sizes = Dictionary(grouping: seen) { $0.readers.count }
        guard let (count, images) = sizes.max(by: { ($0.value.count, $0.key) < ($1.value.count, $1.key) }) else {
            return nil
        }
        return fleissKappa(
            images.map { image in
                let drew = Set(image.boxes.compactMap(\.reader)).count
                return [drew, count - drew]
            })
    }
}

extension [Int] {
    /// Of places among all images: how often each was drawn.
    fileprivate func of(_ counts: [Int]) -> [Int] { map { counts[$0] } }
}

/// The mean of the values that are there, each as often as its image.
private func mean(_ values: [Double?], _ counts: [Int]) -> Double? {
    var (sum, count) = (0.0, 0)
    for (value, times) in zip(values, counts) {
        guard let value else { continue }
        sum += Double(times) * value
        count += times
    }
    return count > 0 ? sum / Double(count) : nil
}
