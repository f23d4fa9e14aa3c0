import CKernels
import Foundation

/// What N4 does to a histogram of log intensities: the bias field blurs it like a Gaussian; deconvolution gives a sharper
/// one, from which each intensity gets the value that is expected to lie behind it.
///
/// Sled, Zijdenbos, Evans, "A nonparametric method for automatic correction of intensity nonuniformity in MRI data", IEEE TMI
/// 17 (1998), sections II.D and II.E, in the discrete form of ITK's N4BiasFieldCorrectionImageFilter.
struct HistogramSharpening: Sendable {
    let bins: Int
    /// Full width at half maximum of the Gaussian, in log intensity.
    let width: Double
    /// Of the Wiener filter.
    let noise: Double

    /// Log intensities minus what is expected behind them. Nil when all are alike.
    func residual(_ values: [Float]) -> [Float]? {
        var (least, greatest, sum): (Float, Float, Double) = (0, 0, 0)
        hk_extent(values, values.count, &least, &greatest, &sum)
        guard greatest > least else { return nil }
        let step = (greatest - least) / Float(bins - 1)
        var histogram = [Double](repeating: 0, count: bins)
        hk_shared_histogram(values, values.count, least, step, bins, &histogram)
        let expected = expected(histogram, least: Double(least), step: Double(step))
        return [Float](unsafeUninitializedCapacity: values.count) { buffer, filled in
            hk_subtract_expected(values, values.count, least, step, expected, bins, buffer.baseAddress)
            filled = values.count
        }
    }

    /// The expected true log intensity of each bin.
    private func expected(_ histogram: [Double], least: Double, step: Double) -> [Float] {
        var size = 2
        while size < 2 * bins { size *= 2 }
        let offset = (size - bins) / 2
        var blurred = [Double](repeating: 0, count: size)
        blurred.replaceSubrange(offset..<offset + bins, with: histogram)
        let gaussian = transformed(kernel(size, step)).re
        // Wiener filter: the Gaussian is symmetric, its transform is real.
        let spectrum = transformed(blurred)
        let wiener = gaussian.map { $0 / ($0 * $0 + noise) }
        let sharp = restored(spectrum, times: wiener).map { max($0, 0) }
        let weighted = zip(sharp.indices, sharp).map { (least + Double($0 - offset) * step) * $1 }
        let numerator = restored(transformed(weighted), times: gaussian)
        let denominator = restored(transformed(sharp), times: gaussian)
        return (offset..<offset + bins).map { denominator[$0] != 0 ? Float(numerator[$0] / denominator[$0]) : 0 }
    }

    /// The Gaussian around index 0, periodic, with sum 1.
    private func kernel(_ size: Int, _ step: Double) -> [Double] {
        let scaled = width / step
        let (sharpness, height) = (4 * log(2) / (scaled * scaled), 2 * (log(2) / .pi).squareRoot() / scaled)
        return (0..<size).map { index in
            let distance = Double(min(index, size - index))
            return height * exp(-sharpness * distance * distance)
        }
    }

    private func transformed(_ values: [Double]) -> (re: [Double], im: [Double]) {
        var (re, im) = (values, [Double](repeating: 0, count: values.count))
        hk_fourier(&re, &im, re.count, 0)
        return (re, im)
    }

    private func restored(_ spectrum: (re: [Double], im: [Double]), times factors: [Double]) -> [Double] {
        var re = zip(spectrum.re, factors).map(*)
        var im = zip(spectrum.im, factors).map(*)
        hk_fourier(&re, &im, re.count, 1)
        return re
    }
}
