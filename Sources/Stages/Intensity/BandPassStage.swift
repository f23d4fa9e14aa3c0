public import Pipelines
import Transforms

/// `- bandpass: { low: 0.1, high: 0.4 }`
public struct BandPassStage: Stage {
    public static let name = "bandpass"
    public static let summary = "Butterworth filter of spatial frequencies, slice by slice or in three dimensions."
    public static let parameters: [Parameter<BandPassStage>] = [
        .number(
            "low", \.low, in: 0 ... .infinity, unit: "cycles per unit",
            "Frequency below which waves are weakened, to a half there; 0 keeps all low ones."),
        .number(
            "high", \.high, in: 0 ... .infinity, unit: "cycles per unit",
            "Frequency above which waves are weakened, to a half there; 0 keeps all high ones."),
        .integer("order", \.order, in: 1...16, "Steepness: 6 dB an octave for each."),
        .choice("unit", \.unit, "Frequencies in cycles per pixel (at most 0.5 along an axis) or per mm."),
        .integer("dimensions", \.dimensions, in: 2...3, "2 filters each slice by itself, 3 the volume."),
        .boolean("keepMean", \.keepMean, "The mean, of each slice or of the volume, stays what it is."),
    ]

    var low = 0.0
    var high = 0.45
    var order = 2
    var unit = BandPass.Unit.pixel
    var dimensions = 2
    var keepMean = true

    public init() {}

    public func mistakes() -> [String] {
        high > 0 && low >= high ? ["low (\(low)) must be below high (\(high))"] : []
    }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        if dimensions == 3 { try item.volume.requireOneSlope(for: Self.name) }
        try item.volume.requireNoPadding(for: Self.name)
        let band = BandPass(
            low: low, high: high > 0 ? high : nil, order: order, unit: unit, dimensions: dimensions, keepsMean: keepMean
        )
        try item.volume.bandPass(band, workers: context.workers)
    }
}
