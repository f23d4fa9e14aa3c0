/// How the area under the precision-recall curve is taken.
public enum PrecisionInterpolation: Sendable {
    /// The exact area under the monotone envelope (PASCAL VOC since 2010).
    case allPoints
    /// The mean over recall 0, 0.01, .. 1 (COCO).
    case recall101
}

/// Average precision of matched boxes; nil when there is nothing to find.
public func averagePrecision(_ matches: Matches, _ interpolation: PrecisionInterpolation = .recall101) -> Double? {
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
            // Steps as numpy's linspace makes them: 0.57 is a bit more than 57 / 100.
            let recall = step == 100 ? 1 : Double(step) * 0.01
            while place < curve.count, curve[place].recall < recall { place += 1 }
            return sum + (place < curve.count ? curve[place].precision : 0)
        }
        return sum / 101
    }
}

/// The mean over classes that occur in the truth (Everingham et al. 2010); nil when none does.
public func meanAveragePrecision(
    _ images: [ImageResult], labels: [String], iou: Double, _ interpolation: PrecisionInterpolation = .recall101
) -> Double? {
    meanAveragePrecision(labels.map { Matches(images, iou: iou, label: $0) }, interpolation)
}

/// The same of matches that were made before, one for each class.
public func meanAveragePrecision(
    _ matches: [Matches], _ interpolation: PrecisionInterpolation = .recall101
) -> Double? {
    let parts = matches.compactMap { averagePrecision($0, interpolation) }
    return parts.isEmpty ? nil : parts.reduce(0, +) / Double(parts.count)
}

/// IoU 0.5, 0.55, .. 0.95, as numpy's linspace makes them.
public let cocoOverlaps: [Double] = (0..<10).map { (step: Int) -> Double in
    let width = (0.95 - 0.5) / 9
    return step == 9 ? 0.95 : 0.5 + Double(step) * width
}

/// The mean over IoU 0.5, 0.55, .. 0.95 of the mean over classes (COCO's mAP, Lin et al. 2014).
public func cocoMeanAveragePrecision(_ images: [ImageResult], labels: [String]) -> Double? {
    let parts = cocoOverlaps.compactMap { meanAveragePrecision(images, labels: labels, iou: $0, .recall101) }
    return parts.isEmpty ? nil : parts.reduce(0, +) / Double(parts.count)
}
