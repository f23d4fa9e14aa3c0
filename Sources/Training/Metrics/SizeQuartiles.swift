/// Sensitivity for small to large lesions.
public struct SizeQuartile: Sendable, Hashable {
    /// Side of a square of the same area, in pixels: the least and greatest of the quartile.
    public var smallest: Double
    public var largest: Double
    public var count: Int
    public var sensitivity: Double
}

/// Four groups of true boxes of as equal number as can be, by rising area; equal areas keep the order of images. Fewer than
/// four boxes make fewer groups.
public func sizeQuartiles(_ matches: Matches, threshold: Double) -> [SizeQuartile] {
    let sorted = matches.truths.enumerated()
        .sorted { ($0.element.area, $0.offset) < ($1.element.area, $1.offset) }.map(\.element)
    return (0..<4).compactMap { quarter in
        let group = sorted[(quarter * sorted.count / 4)..<((quarter + 1) * sorted.count / 4)]
        guard let first = group.first, let last = group.last else { return nil }
        return SizeQuartile(
            smallest: Double(first.area).squareRoot(), largest: Double(last.area).squareRoot(), count: group.count,
            sensitivity: Double(group.count { ($0.score ?? -1) >= threshold }) / Double(group.count))
    }
}
