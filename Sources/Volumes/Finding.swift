/// Something a detector saw: where, what, and how sure it is.
public struct Finding: Sendable {
    /// Class name in the model's words ("meningioma").
    public var label: String
    /// Calibrated score in [0, 1].
    public var score: Double
    /// Probability of each class, in the model's order of classes.
    public var probabilities: [Double]
    /// On the grid of the volume that was looked at. Spans several slices when the finding does.
    public var box: Box
    /// The slice in which the score is highest, and the box there.
    public var keySlice: Int
    public var keyBox: Box

    public init(
        label: String, score: Double, probabilities: [Double], box: Box, keySlice: Int, keyBox: Box
    ) {
        (self.label, self.score, self.probabilities) = (label, score, probabilities)
        (self.box, self.keySlice, self.keyBox) = (box, keySlice, keyBox)
    }

    public var confidence: ConfidenceBand { ConfidenceBand(score: score) }
}

/// What a reader should make of a score: > 0.90 high, 0.70 to 0.90 medium, below that a human must look.
public enum ConfidenceBand: String, Sendable {
    case high
    case medium
    case manualReview = "manual review recommended"

    /// For places with little room.
    public var abbreviation: String {
        switch self {
        case .high, .medium: rawValue
        case .manualReview: "review"
        }
    }

    public init(score: Double) {
        self = score > 0.9 ? .high : score >= 0.7 ? .medium : .manualReview
    }

    /// A score in whole percent for people to read: never rounded to a certainty, nor into another band.
    public static func percent(_ score: Double) -> Int { parts(score, of: 100) }

    /// The same with four digits behind the point, for programs.
    public static func rounded(_ score: Double) -> Double { Double(parts(score, of: 10_000)) / 10_000 }

    private static func parts(_ score: Double, of count: Int) -> Int {
        let (nearest, band) = (score.wholeParts(of: count), ConfidenceBand(score: score))
        let isOwn = ConfidenceBand(score: Double(nearest) / Double(count)) == band
        return isOwn ? nearest : band == .high ? nearest + 1 : nearest - 1
    }
}

extension Double {
    /// A chance in whole percent for people to read, never rounded up to a certainty; 0 for NaN.
    public var wholePercent: Int { wholeParts(of: 100) }

    /// The same with four digits behind the point, for programs.
    public var roundedChance: Double { Double(wholeParts(of: 10_000)) / 10_000 }

    fileprivate func wholeParts(of count: Int) -> Int {
        isFinite ? min(count - 1, Int((Swift.min(Swift.max(self, 0), 1) * Double(count)).rounded())) : 0
    }
}

/// All that a detector said of one image.
public struct Findings: Sendable {
    public var findings: [Finding]
    /// Names of the model's classes, in the order of `Finding.probabilities`.
    public var classes: [String]
    /// Least score of a finding, that was used; nil where nobody said.
    public var threshold: Double?
    /// Findings at or above the threshold: more than `findings` where only the surest were kept.
    public var count: Int
    /// Probability in [0, 1] that the image shows anything abnormal; the highest over slices. Nil when the model has no such output.
    public var abnormality: Double?
    /// Name and digest of the model that spoke.
    public var model: String
    public var modelDigest: String

    /// - Parameter count: nil where all were kept.
    public init(
        findings: [Finding], classes: [String] = [], threshold: Double? = nil, count: Int? = nil, abnormality: Double?,
        model: String, modelDigest: String
    ) {
        (self.findings, self.classes) = (findings, classes)
        (self.threshold, self.count) = (threshold, count ?? findings.count)
        self.abnormality = abnormality
        (self.model, self.modelDigest) = (model, modelDigest)
    }
}
