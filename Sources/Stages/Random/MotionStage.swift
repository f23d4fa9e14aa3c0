public import Pipelines
public import Transforms
import Volumes

/// `- motion: { movements: [1, 3], degrees: [-5, 5], distance: [-5, 5], axes: [y] }`
public struct MotionStage: RandomStage {
    public static let name = "motion"
    public static let summary =
        "A patient who moves a few times while an MR image is measured; values must not be negative."
    public static let parameters: [Parameter<MotionStage>] = [
        .integers("movements", \.movements, count: 2...2, each: 1...16, "Least and greatest number of movements."),
        .numbers("degrees", \.degrees, count: 2...2, each: -180...180, unit: "degrees", "Angles of a movement."),
        .numbers(
            "distance", \.distance, count: 2...2, each: -1000...1000, unit: "mm (pixels without spacing)",
            "Shifts of a movement, drawn for each axis."),
        .choices("axes", \.axes, "Phase-encoding axes to choose from."),
        .probability,
    ]

    var movements = [1, 3]
    var degrees = [-5.0, 5.0]
    var distance = [-5.0, 5.0]
    var axes = [Axis.y]
    public var probability = 1.0

    public init() {}

    public func mistakes() -> [String] {
        falling("movements", movements) + falling("degrees", degrees) + falling("distance", distance)
            + (axes.isEmpty ? ["axes: name at least one axis"] : [])
    }

    /// The moved image and the two parts of the sum.
    public func workingBytes(_ input: Outline) -> Int { input.times(3) }

    public func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws {
        var motion = Motion(axis: random.choice(axes), times: [], movements: [])
        let count = random.count(between: movements)
        motion.times = (0..<count).map { _ in max(random.uniform(), 0x1p-53) }.sorted()
        let isFlat = item.volume.shape.depth == 1
        for _ in 0..<count {
            var warp = AffineWarp()
            for axis in isFlat ? [2] : [0, 1, 2] { warp.degrees[axis] = random.uniform(between: degrees) }
            for axis in isFlat ? [0, 1] : [0, 1, 2] { warp.translation[axis] = random.uniform(between: distance) }
            motion.movements.append(warp)
        }
        item.history.note("axis", .string(motion.axis.rawValue))
        item.history.note("times", .array(motion.times.map { .number($0) }))
        item.history.note("degrees", .array(motion.movements.map { JSONValue($0.degrees) }))
        item.history.note("translations", .array(motion.movements.map { JSONValue($0.translation) }))
        try item.volume.apply(motion, workers: context.workers)
    }
}
