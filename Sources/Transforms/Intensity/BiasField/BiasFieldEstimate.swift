import CKernels
import Foundation

/// The iterations of N4: sharpen the histogram of what the field leaves, take the smooth part of what that changes into the
/// field, and begin again; then with twice the control points.
struct BiasFieldEstimate: Sendable {
    /// Logarithm of the field, with mean 0 over the samples.
    let lattice: SplineLattice
    let report: BiasFieldReport

    /// - Throws: `TransformError` when there are not two different samples.
    init(_ samples: ShrunkLogarithm, _ options: BiasFieldCorrection) throws(TransformError) {
        guard let least = samples.values.min(), let greatest = samples.values.max(), greatest > least else {
            throw TransformError(
                .missingInformation,
                "n4 needs different positive values in the mask; there are none to estimate a field from")
        }
        let sharpening = HistogramSharpening(bins: options.bins, width: options.width, noise: options.noise)
        let size = samples.size
        var isKnown = [Float](repeating: 0, count: size.x * size.y * size.z)
        for place in samples.places { isKnown[place] = 1 }
        var lattice = SplineLattice(controls: [4, 4, 4])
        var field = [Float](repeating: 0, count: samples.places.count)
        var iterations: [Int] = []
        for level in 0..<options.levels {
            if level > 0 { lattice = lattice.refined }
            let axes = (0..<3).map { SplineAxis(samples: size[$0], spans: 1 << level) }
            let fit = LatticeFit(axes, isKnown: isKnown)
            var (count, change) = (0, Double.infinity)
            while count < options.iterations, change > options.convergence {
                count += 1
                guard let residual = sharpening.residual(zip(samples.values, field).map { $0 - $1 }) else { break }
                var grid = [Float](repeating: 0, count: isKnown.count)
                for (place, value) in zip(samples.places, residual) { grid[place] = value }
                lattice.add(fit.lattice(for: grid))
                let values = lattice.values(axes)
                let next = samples.places.map { values[$0] }
                change = Self.variation(zip(field, next).map { $0 - $1 })
                field = next
            }
            iterations.append(count)
        }
        let mean = Float(field.reduce(0.0) { $0 + Double($1) } / Double(field.count))
        lattice.add(-mean)
        self.lattice = lattice
        report = BiasFieldReport(
            iterations: iterations, least: Double(exp((field.min() ?? 0) - mean)),
            greatest: Double(exp((field.max() ?? 0) - mean)))
    }

    /// Standard deviation over mean of `exp(x)`.
    private static func variation(_ logarithms: [Float]) -> Double {
        let all = [UInt8](repeating: 1, count: logarithms.count)
        var (sum, squares): (Double, Double) = (0, 0)
        hk_exponential_sums(logarithms, all, logarithms.count, &sum, &squares)
        let mean = sum / Double(logarithms.count)
        return max(squares / Double(logarithms.count) - mean * mean, 0).squareRoot() / mean
    }
}
