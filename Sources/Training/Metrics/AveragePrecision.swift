/// How the area under the precision-recall curve is taken.
public enum PrecisionInterpolation: Sendable {
    /// The exact area under the monotone envelope (PASCAL VOC since 2010).
    case allPoints
    /// The mean over recall 0, 0.01, .. 1 (COCO).
    case recall101
}

/// Average precision of matched boxes; nil when there is nothing to find.
public func averagePrecision(_ matches: Matches, _ interpolation: PrecisionInterpolation = .allPoints) -> Double? {
    guard matches.truthCount > 0 else { return nil }
    var hits = 0
    var curve: [(recall: Double, precision: Double)] = []
    for (index, box) in matches.boxes.enumerated() {
        if box.isHit { hits += 1 }
        curve.append((Double(hits) / Double(matches.truthCount), Double(hits) / Double(index + 1)))
    }
    for index in curve.indices.reversed().dropFirst() {
        curve[index].precision = max(curve[index].precision, curve[index + 1].precision)
    }
    switch interpolation {
    case .allPoints:
        var before = 0.0
        return curve.reduce(0) { sum, point in
            defer { before = point.recall }
            return sum + (point.recall - before) * point.precision
        }
    case .recall101:
        var place = 0
        let sum = (0...100).reduce(0.0) { sum, step in
            while place < curve.count, curve[place].recall < Double(step) / 100 { place += 1 }
            return sum + (place < curve.count ? curve[place].precision : 0)
        }
        return sum / 101
    }
}

/// The mean over classes that occur in the truth; nil when none does.
public func meanAveragePrecision(
    _ images: [ImageResult], labels: [String], iou: Float, _ interpolation: PrecisionInterpolation = .allPoints
) -> Double? {
    let parts = labels.compactMap { averagePrecision(Matches(images, iou: iou, label: $0), interpolation) }
    return parts.isEmpty ? nil : parts.reduce(0, +) / Double(parts.count)
}

/// The mean over IoU 0.5, 0.55, .. 0.95 of the mean over classes (COCO's mAP).
public func cocoMeanAveragePrecision(_ images: [ImageResult], labels: [String]) -> Double? {
    let parts = (0..<10).compactMap {
        meanAveragePrecision(images, labels: labels, iou: 0.5 + 0.05 * Float($0), .recall101)
    }
    return parts.isEmpty ? nil : parts.reduce(0, +) / Double(parts.count)
}
