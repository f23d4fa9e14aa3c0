/// A found box and its score.
public struct ScoredBox: Sendable, Hashable {
    public var box: LabelledBox
    public var score: Float

    public init(box: LabelledBox, score: Float) {
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
    public var score: Float
    public var isHit: Bool
    /// The image it belongs to.
    public var image: Int
}

extension LabelledBox {
    public var area: Float { max(x1 - x0, 0) * max(y1 - y0, 0) }

    /// Intersection over union; 0 when either is empty.
    public func overlap(_ other: LabelledBox) -> Float {
        let width = min(x1, other.x1) - max(x0, other.x0)
        let height = min(y1, other.y1) - max(y0, other.y0)
        guard width > 0, height > 0 else { return 0 }
        return width * height / (area + other.area - width * height)
    }
}

/// All found boxes of all images by falling score, each a hit or not, and the number of true boxes.
public struct Matches: Sendable, Hashable {
    public var boxes: [MatchedBox]
    public var truthCount: Int
    public var imageCount: Int

    /// In each image, by falling score, a found box takes the free true box that it overlaps most, if by at least `iou`
    /// (as pycocotools does with one area range and no crowds).
    ///
    /// - Parameter label: count boxes of this class only; nil counts all and ignores classes.
    public init(_ images: [ImageResult], iou: Float, label: String? = nil) {
        var boxes: [MatchedBox] = []
        var truthCount = 0
        for (index, image) in images.enumerated() {
            let truth = image.truth.filter { label == nil || $0.label == label }
            let found = image.found.filter { label == nil || $0.box.label == label }
            truthCount += truth.count
            var free = Set(truth.indices)
            for box in found.sorted(by: { $0.score > $1.score }) {
                let best = free.sorted().map { (place: $0, overlap: box.box.overlap(truth[$0])) }
                    .max { $0.overlap < $1.overlap }
                let hit = best.map { $0.overlap >= iou } ?? false
                if hit, let best { free.remove(best.place) }
                boxes.append(MatchedBox(score: box.score, isHit: hit, image: index))
            }
        }
        self.boxes = boxes.enumerated()
            .sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
            .map(\.element)
        self.truthCount = truthCount
        imageCount = images.count
    }
}
