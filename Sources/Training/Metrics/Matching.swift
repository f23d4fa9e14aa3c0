/// A found box and its score.
public struct ScoredBox: Sendable, Hashable {
    public var box: LabelledBox
    public var score: Double

    public init(box: LabelledBox, score: Double) {
        self.box = box
        self.score = score
    }
}

/// What was found in one image beside what is there. Both in the same pixels.
public struct ImageResult: Sendable, Hashable {
    public var found: [ScoredBox]
    public var truth: [LabelledBox]

    public init(found: [ScoredBox], truth: [LabelledBox]) {
        self.found = found
        self.truth = truth
    }
}

/// A found box after matching.
public struct MatchedBox: Sendable, Hashable {
    public var score: Double
    public var isHit: Bool
    /// The image it belongs to.
    public var image: Int
}

/// A true box after matching.
public struct MatchedTruth: Sendable, Hashable {
    /// The score of the found box that took it; nil when none did.
    public var score: Double?
    /// In square pixels of the file.
    public var area: Float
    public var image: Int
}

extension LabelledBox {
    public var area: Float { max(x1 - x0, 0) * max(y1 - y0, 0) }

    /// Intersection over union, in double precision as pycocotools has it; 0 when either is empty.
    public func overlap(_ other: LabelledBox) -> Double {
        let width = min(Double(x1), Double(other.x1)) - max(Double(x0), Double(other.x0))
        let height = min(Double(y1), Double(other.y1)) - max(Double(y0), Double(other.y0))
        guard width > 0, height > 0 else { return 0 }
        func area(_ box: LabelledBox) -> Double {
            (Double(box.x1) - Double(box.x0)) * (Double(box.y1) - Double(box.y0))
        }
        return width * height / (area(self) + area(other) - width * height)
    }
}

/// All found boxes of all images by falling score, each a hit or not, and all true boxes.
///
/// The hit rule, used by every metric here: in each image, by falling score, a found box takes the free true box that it
/// overlaps most, if by at least `iou`; what takes none is a false positive (as pycocotools does with one area range and no
/// crowds). Boxes of equal score keep the order of images, and within one that of the detector.
public struct Matches: Sendable, Hashable {
    public private(set) var boxes: [MatchedBox]
    public private(set) var truths: [MatchedTruth]
    public private(set) var imageCount: Int

    public var truthCount: Int { truths.count }

    /// - Parameters:
    ///   - label: count boxes of this class only; nil counts all and ignores classes.
    ///   - limit: the most boxes of an image that count, by score; COCO's is 100.
    /// - Precondition: no score is NaN; `checkScores` tells before.
    public init(_ images: [ImageResult], iou: Double, label: String? = nil, limit: Int = 100) {
        var boxes: [MatchedBox] = []
        var truths: [MatchedTruth] = []
        let least = min(iou, 1 - 1e-10)
        for (index, image) in images.enumerated() {
            let truth = image.truth.filter { label == nil || $0.label == label }
            let found = image.found.filter { label == nil || $0.box.label == label }
            precondition(found.allSatisfy { !$0.score.isNaN }, "a score of image \(index) is NaN")
            var scores = [Double?](repeating: nil, count: truth.count)
            for box in stablySorted(found, by: \.score).prefix(limit) {
                var best: (place: Int, overlap: Double)?
                for place in truth.indices where scores[place] == nil {
                    let overlap = box.box.overlap(truth[place])
                    if overlap >= (best?.overlap ?? least) { best = (place, overlap) }
                }
                if let best { scores[best.place] = box.score }
                boxes.append(MatchedBox(score: box.score, isHit: best != nil, image: index))
            }
            for (box, score) in zip(truth, scores) {
                truths.append(MatchedTruth(score: score, area: box.area, image: index))
            }
        }
        self.boxes = stablySorted(boxes, by: \.score)
        self.truths = truths
        imageCount = images.count
    }

    /// As if each image were there `counts[image]` times: a bootstrap sample without matching and sorting again.
    public func resampled(_ counts: [Int]) -> Matches {
        var copy = self
        copy.boxes.removeAll(keepingCapacity: true)
        copy.truths.removeAll(keepingCapacity: true)
        for box in boxes { for _ in 0..<counts[box.image] { copy.boxes.append(box) } }
        for truth in truths { for _ in 0..<counts[truth.image] { copy.truths.append(truth) } }
        copy.imageCount = counts.reduce(0, +)
        return copy
    }

    /// The share of true boxes found with a score of at least `threshold`; nil when there are none.
    public func sensitivity(threshold: Double) -> Double? {
        truths.isEmpty ? nil : Double(truths.count { ($0.score ?? -1) >= threshold }) / Double(truths.count)
    }

    /// False boxes an image with a score of at least `threshold`; nil without images.
    public func falsePositivesPerImage(threshold: Double) -> Double? {
        imageCount == 0 ? nil : Double(boxes.count { !$0.isHit && $0.score >= threshold }) / Double(imageCount)
    }
}

/// By falling score; equal scores keep their order.
private func stablySorted<Element>(_ values: [Element], by score: KeyPath<Element, Double>) -> [Element] {
    values.enumerated()
        .sorted { ($1.element[keyPath: score], $0.offset) < ($0.element[keyPath: score], $1.offset) }
        .map(\.element)
}

/// Refuses scores that are no numbers, or outside [0, 1].
///
/// - Throws: `TrainingError.score`, naming the image by its place, from 1.
public func checkScores(_ images: [ImageResult]) throws(TrainingError) {
    for (index, image) in images.enumerated() where !image.found.allSatisfy({ (0...1).contains($0.score) }) {
        throw .score(place: "image \(index + 1)")
    }
}
