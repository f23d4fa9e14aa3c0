public import Pipelines
public import Transforms

/// `- density-shift: { hu: [-50, 50] }`, between rescale and window.
public struct DensityShiftStage: RandomStage {
    public static let name = "density-shift"
    public static let summary = "Add a random number of HU to all voxels but padding, as another calibration would."
    public static let takesStoredValues = true
    public static let parameters: [Parameter<DensityShiftStage>] = [
        .numbers("hu", \.hu, count: 2...2, each: -1000...1000, unit: "HU", "Least and greatest shift."),
        .number("least", \.least, unit: "HU", "Voxels below it hold padding and stay."),
        .probability,
    ]

    var hu = [-50.0, 50.0]
    var least = -1024.0
    public var probability = 1.0

    public init() {}

    public func mistakes() -> [String] { falling("hu", hu) }

    public func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws {
        let shift = random.uniform(between: hu)
        item.history.note("hu", .number(shift))
        try item.volume.shiftDensity(by: shift, least: least, workers: context.workers)
    }
}
