/// Spearman's rank correlation, ties sharing the mean of their ranks; nil when either side is constant.
public func rankCorrelation(_ a: [Double], _ b: [Double]) -> Double? {
    precondition(a.count == b.count, "both sides must have as many values")
    guard a.count > 1 else { return nil }
    let (x, y) = (midranks(a), midranks(b))
    let mean = Double(a.count + 1) / 2
    var (xy, xx, yy) = (0.0, 0.0, 0.0)
    for (i, j) in zip(x, y) {
        xy += (i - mean) * (j - mean)
        xx += (i - mean) * (i - mean)
        yy += (j - mean) * (j - mean)
    }
    return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : nil
}
