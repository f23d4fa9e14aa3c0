package import Networks
package import Tensors

#if canImport(Glibc)
    import Glibc
#endif

extension LogisticFit {
    /// For scores of a detector: a finite temperature above 0, however well or badly a network parts what it saw.
    fileprivate init(calibrating points: [Point]) { self.init(points, ridge: 1e-3, leastSlope: 0.02) }
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
            let fit = LogisticFit(calibrating: hits.map { ($0.logit, $0.isHit, 1) })
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
        calibrating: heldOut.abnormality.map {
            ($0.logit, $0.isAbnormal, $0.isAbnormal ? 0.5 / share : 0.5 / (1 - share))
        })
    parameters["abnormality.weight"] = Tensor(repeating: Float(fit.slope) * weight[0], [1])
    parameters["abnormality.bias"] = Tensor(repeating: Float(fit.slope) * bias[0] + Float(fit.bias), [1])
}
