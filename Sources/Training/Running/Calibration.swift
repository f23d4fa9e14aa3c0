package import Networks
package import Tensors

#if canImport(Glibc)
    import Glibc
#endif

/// `sigmoid(slope * z + bias)` as the chance of y (Platt 1999), by Newton's method on the weighted likelihood.
struct LogisticFit {
    private(set) var slope = 1.0
    private(set) var bias = 0.0

    /// Keeps the fit finite where a line parts all: as if a few more cases had been seen.
    private static let ridge = 1e-3

    init(_ points: [(z: Double, y: Bool, weight: Double)]) {
        guard points.contains(where: \.y), points.contains(where: { !$0.y }) else { return }
        for _ in 0..<100 {
            var gradient = (slope: Self.ridge * (slope - 1), bias: Self.ridge * bias)
            var curvature = (slope: Self.ridge, both: 0.0, bias: Self.ridge)
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
            let step = (
                slope: (curvature.bias * gradient.slope - curvature.both * gradient.bias) / determinant,
                bias: (curvature.slope * gradient.bias - curvature.both * gradient.slope) / determinant
            )
            // Steps of at most 1: far from the optimum the curve is flat and a whole step would leave it.
            let length = max(abs(step.slope), abs(step.bias), 1)
            slope = max(slope - step.slope / length, 0.02)
            bias -= step.bias / length
            if max(abs(step.slope), abs(step.bias)) < 1e-9 { break }
        }
    }
}

extension DetectorConfiguration {
    /// With temperature, bias and threshold fitted on the held-out part, and the readout that was better on the validation part.
    ///
    /// - Parameter falsePositives: boxes without a lesion that the threshold lets through an image.
    package func calibrated(
        on heldOut: PartResult, validation: PartResult, falsePositives: Double = 0.1
    ) -> DetectorConfiguration {
        var result = self
        var thresholds: [Readout: Double] = [:]
        for readout in Readout.allCases {
            let hits = heldOut.hits[readout] ?? []
            let fit = LogisticFit(hits.map { ($0.logit, $0.isHit, 1) })
            let calibration = Calibration(temperature: Float(1 / fit.slope), bias: Float(fit.bias))
            result.calibrations[readout] = calibration
            let wrong = hits.filter { !$0.isHit }.map(\.logit).sorted(by: >)
            let allowed = Int(falsePositives * Double(heldOut.imageCount))
            let logit = wrong.isEmpty ? 0 : wrong[min(allowed, wrong.count - 1)]
            thresholds[readout] = 1 / (1 + exp(-(logit * fit.slope + fit.bias)))
        }
        let queries = validation.precision[.queries] ?? 0
        result.readout = queries >= validation.precision[.dense] ?? 0 ? .queries : .dense
        let threshold = ((thresholds[result.readout] ?? 0.5) * 1000).rounded() / 1000
        result.recommendedThreshold = Float(min(max(threshold, 0.001), 0.999))
        return result
    }
}

/// Refits weight and bias of the abnormality so that 0.5 parts images with and without a finding, which weigh the same: most
/// data sets have many more of one kind.
package func calibrateAbnormality(_ parameters: inout [String: Tensor], on heldOut: PartResult) {
    let share = Double(heldOut.abnormality.count(where: \.isAbnormal)) / Double(max(heldOut.abnormality.count, 1))
    guard share > 0, share < 1, let weight = parameters["abnormality.weight"], let bias = parameters["abnormality.bias"]
    else { return }
    let fit = LogisticFit(
        heldOut.abnormality.map { ($0.logit, $0.isAbnormal, $0.isAbnormal ? 0.5 / share : 0.5 / (1 - share)) })
    parameters["abnormality.weight"] = Tensor(repeating: Float(fit.slope) * weight[0], [1])
    parameters["abnormality.bias"] = Tensor(repeating: Float(fit.slope) * bias[0] + Float(fit.bias), [1])
}
