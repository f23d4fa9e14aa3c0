public import Pipelines
import Transforms
import Volumes

/// `- n4`: MR images without the shading of their coils.
public struct N4Stage: Stage {
    public static let name = "n4"
    public static let summary =
        "N4 bias-field correction of MR images: divide by the smooth field that blurs their histogram."
    public static let parameters: [Parameter<N4Stage>] = [
        .integer(
            "shrink", \.shrink, in: 1...16, unit: "voxels", "Of so many voxels along each axis the estimate takes one."),
        .integer("levels", \.levels, in: 1...6, "Fitting levels; each doubles the spans of the spline, from 1."),
        .integer("iterations", \.iterations, in: 1...1000, "At most, in each level."),
        .number(
            "fwhm", \.fwhm, in: 0.001...10, unit: "log intensity", "Width of the blur that the field is taken for."),
        .number("noise", \.noise, in: 1e-6...10, "Noise term of the Wiener filter."),
        .integer("bins", \.bins, in: 16...4096, unit: "bins", "Of the histogram of log intensities."),
        .number(
            "convergence", \.convergence, in: 0...1,
            "A level ends when the field's relative change varies by less than this."),
        .text(
            "mask", \.mask,
            "Estimate over this mask of the item, or body or head found now; empty: over voxels above Otsu's threshold."
        ),
    ]

    var shrink = 4
    var levels = 4
    var iterations = 50
    var fwhm = 0.15
    var noise = 0.01
    var bins = 200
    var convergence = 1e-3
    var mask = ""

    public init() {}

    public func run(_ item: inout Item, _ context: StageContext) throws {
        try item.volume.requireOneSlope(for: Self.name)
        try item.volume.requireNoPadding(for: Self.name)
        let correction = BiasFieldCorrection(
            shrink: shrink, levels: levels, iterations: iterations, width: fwhm, noise: noise, bins: bins,
            convergence: convergence)
        let region = mask.isEmpty ? nil : try item.region(named: mask)
        var reports: [BiasFieldReport] = []
        _ = try item.volume.changeBySequence { volume in
            reports.append(try volume.correctBias(correction, mask: region, workers: context.workers))
            return true
        }
        item.history.note("iterations", of: reports) { .array($0.iterations.map { .integer($0) }) }
        item.history.note("leastFactor", of: reports) { .number($0.least) }
        item.history.note("greatestFactor", of: reports) { .number($0.greatest) }
        if item.volume.modality == .ct {
            item.warn("bias-field-of-ct", "n4 is for the shading of MR coils, and the image is CT")
        }
    }
}
