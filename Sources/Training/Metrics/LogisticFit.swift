#if canImport(Glibc)
    import Glibc
#endif

/// `sigmoid(slope * z + bias)` as the chance of y (Platt 1999): the greatest weighted likelihood, by Newton's method with
/// steps that are halved until they help.
struct LogisticFit {
    typealias Point = (z: Double, y: Bool, weight: Double)

    /// 1 and 0 where there are no two kinds of points to part.
    private(set) var slope = 1.0
    private(set) var bias = 0.0

    /// - Parameters:
    ///   - ridge: pulls towards slope 1 and bias 0, as if a few more points had been seen; keeps the fit finite where a
    ///     line parts all.
    ///   - leastSlope: a bound below.
    init(_ points: [Point], ridge: Double, leastSlope: Double = -.infinity) {
        guard points.contains(where: \.y), points.contains(where: { !$0.y }) else { return }
        func loss(_ slope: Double, _ bias: Double) -> Double {
            points.reduce(ridge / 2 * ((slope - 1) * (slope - 1) + bias * bias)) { sum, point in
                let x = slope * point.z + bias
                return sum + point.weight * (max(x, 0) - (point.y ? x : 0) + log1p(exp(-abs(x))))
            }
        }
        var before = loss(slope, bias)
        for _ in 0..<100 {
            let step = newtonStep(points, ridge)
            var scale = 1.0
            func moved() -> (slope: Double, bias: Double) {
                (max(slope - scale * step.slope, leastSlope), bias - scale * step.bias)
            }
            var after = loss(moved().slope, moved().bias)
            while !(after <= before), scale > 1e-6 {
                scale /= 2
                after = loss(moved().slope, moved().bias)
            }
            guard after <= before else { return }
            (slope, bias) = moved()
            if max(abs(step.slope), abs(step.bias)) < 1e-9 || before - after < 1e-15 * abs(before) { return }
            before = after
        }
    }

    private func newtonStep(_ points: [Point], _ ridge: Double) -> (slope: Double, bias: Double) {
        var gradient = (slope: ridge * (slope - 1), bias: ridge * bias)
        var curvature = (slope: ridge, both: 0.0, bias: ridge)
        for point in points {
            let p = 1 / (1 + exp(-(slope * point.z + bias)))
            let (error, weight) = (point.weight * (p - (point.y ? 1 : 0)), point.weight * p * (1 - p))
            gradient.slope += error * point.z
            gradient.bias += error
            curvature.slope += weight * point.z * point.z
            curvature.both += weight * point.z
            curvature.bias += weight
        }
        let determinant = curvature.slope * curvature.bias - curvature.both * curvature.both
        return (
            slope: (curvature.bias * gradient.slope - curvature.both * gradient.bias) / determinant,
            bias: (curvature.slope * gradient.bias - curvature.both * gradient.slope) / determinant
        )
    }
}
