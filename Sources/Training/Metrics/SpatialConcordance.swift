/// Spatial concordance index: the share of true boxes whose best found box overlaps them by more than `iou`; nil when there
/// are none. Boxes below the threshold do not count, classes are ignored.
public func spatialConcordance(_ images: [ImageResult], iou: Double = 0.3, threshold: Double) -> Double? {
    var (agreed, count) = (0, 0)
    for image in images {
        let found = image.found.filter { $0.score >= threshold }
        for truth in image.truth {
            count += 1
            if found.contains(where: { $0.box.overlap(truth) > iou }) { agreed += 1 }
        }
    }
    return count == 0 ? nil : Double(agreed) / Double(count)
}
