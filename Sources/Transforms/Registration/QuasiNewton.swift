/// Minimises a smooth function by BFGS (J. Nocedal and S. Wright, Numerical Optimization, 2nd ed., chapter 6) with
/// backtracking by quadratic interpolation. For few variables, scaled alike.
struct QuasiNewton: Sendable {
    /// Length of the first step, and the most that any step may be.
    var firstStep: Double
    var longestStep: Double
    /// A step shorter than this ends the search.
    var tolerance: Double
    var iterationLimit = 60

    struct Result: Sendable {
        var point: [Double]
        var value: Double
        var iterations: Int
        /// False when the iterations were used up first.
        var hasConverged: Bool
    }

    /// - Parameter function: value and gradient at a point.
    func minimize(
        from start: [Double], _ function: ([Double]) -> (value: Double, gradient: [Double])
    ) -> Result {
        let n = start.count
        var point = start
        var (value, gradient) = function(point)
        var inverse: [[Double]]?
        for iteration in 0..<iterationLimit {
            let slope = norm(gradient)
            guard slope > 0 else {
                return Result(point: point, value: value, iterations: iteration, hasConverged: true)
            }
            var direction =
                inverse.map { rows in rows.map { -dot($0, gradient) } } ?? gradient.map { -$0 * firstStep / slope }
            if dot(direction, gradient) >= 0 {
                inverse = nil
                direction = gradient.map { -$0 * firstStep / slope }
            }
            let length = norm(direction)
            if length > longestStep { direction = direction.map { $0 * longestStep / length } }
            guard let (next, nextValue, nextGradient) = step(from: point, value, gradient, direction, function) else {
                // The model of the curvature may be worn out: once more straight downhill, then give up.
                if inverse == nil {
                    return Result(point: point, value: value, iterations: iteration, hasConverged: true)
                }
                inverse = nil
                continue
            }
            let moved = zip(next, point).map { $0 - $1 }
            let change = zip(nextGradient, gradient).map { $0 - $1 }
            (point, value, gradient) = (next, nextValue, nextGradient)
            inverse = updated(inverse, moved, change, n)
            if norm(moved) < tolerance {
                return Result(point: point, value: value, iterations: iteration + 1, hasConverged: true)
            }
        }
        return Result(point: point, value: value, iterations: iterationLimit, hasConverged: false)
    }

    /// A point along `direction` that lowers the value enough (Armijo, 1e-4), or nil when none is found before steps are
    /// shorter than the tolerance.
    private func step(
        from point: [Double], _ value: Double, _ gradient: [Double], _ direction: [Double],
        _ function: ([Double]) -> (value: Double, gradient: [Double])
    ) -> ([Double], Double, [Double])? {
        let slope = dot(gradient, direction)
        let length = norm(direction)
        var factor = 1.0
        while factor * length > tolerance * 0.1 {
            let next = zip(point, direction).map { $0 + factor * $1 }
            let (nextValue, nextGradient) = function(next)
            if nextValue <= value + 1e-4 * factor * slope { return (next, nextValue, nextGradient) }
            let excess = nextValue - value - factor * slope
            let least = excess > 0 ? -slope * factor * factor / (2 * excess) : 0.5 * factor
            factor = min(max(least, 0.1 * factor), 0.5 * factor)
        }
        return nil
    }

    /// The inverse Hessian after a step; unchanged where the curvature is not positive.
    private func updated(_ inverse: [[Double]]?, _ s: [Double], _ y: [Double], _ n: Int) -> [[Double]]? {
        let curvature = dot(s, y)
        guard curvature > 1e-12 * norm(s) * norm(y) else { return inverse }
        let h =
            inverse
            ?? (0..<n).map { row in (0..<n).map { $0 == row ? curvature / dot(y, y) : 0 } }
        let hy = h.map { dot($0, y) }
        let factor = (1 + dot(y, hy) / curvature) / curvature
        return (0..<n).map { i in
            (0..<n).map { j in h[i][j] + factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / curvature }
        }
    }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
private func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }
