/// Free-response operating characteristic: how many lesions are found for how many false boxes an image.
public struct FROC: Sendable, Hashable {
    public struct Point: Sendable, Hashable {
        public var threshold: Double
        public var falsePositivesPerImage: Double
        public var sensitivity: Double
    }

    /// One point for each distinct score, by falling threshold.
    public let points: [Point]

    /// - Parameter matches: with a stated hit rule; sensitivity is nil-free only when there is something to find.
    public init?(_ matches: Matches) {
        guard matches.truthCount > 0, matches.imageCount > 0 else { return nil }
        var (hits, misses) = (0, 0)
        var points: [Point] = []
        for (index, box) in matches.boxes.enumerated() {
            if box.isHit { hits += 1 } else { misses += 1 }
            let isLastOfItsScore = index + 1 == matches.boxes.count || matches.boxes[index + 1].score < box.score
            if isLastOfItsScore {
                points.append(
                    Point(
                        threshold: box.score, falsePositivesPerImage: Double(misses) / Double(matches.imageCount),
                        sensitivity: Double(hits) / Double(matches.truthCount)))
            }
        }
        self.points = points
    }

    /// The greatest sensitivity whose threshold lets at most this many false boxes an image through.
    public func sensitivity(atFalsePositivesPerImage limit: Double) -> Double {
        points.last { $0.falsePositivesPerImage <= limit }?.sensitivity ?? 0
    }

    /// Competition performance metric (LUNA16): mean sensitivity at 1/8, 1/4, 1/2, 1, 2, 4 and 8 false positives an image.
    public var competitionPerformance: Double {
        [0.125, 0.25, 0.5, 1, 2, 4, 8].reduce(0) { $0 + sensitivity(atFalsePositivesPerImage: $1) } / 7
    }
}
