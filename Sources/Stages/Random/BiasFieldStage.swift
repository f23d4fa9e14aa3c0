public import Pipelines
public import Transforms

/// `- bias-field: { strength: 0.5, order: 3 }`
public struct BiasFieldStage: RandomStage {
    public static let name = "bias-field"
    public static let summary = "Multiply an MR image by a smooth random field, as receive coils do."
    public static let parameters: [Parameter<BiasFieldStage>] = [
        .number(
            "strength", \.strength, in: 0...2, "Coefficients of the polynomial are drawn between - and + this number."),
        .integer("order", \.order, in: 1...6, "Highest power of the polynomial whose exponential is the field."),
        .probability,
    ]

    var strength = 0.5
    var order = 3
    public var probability = 1.0

    public init() {}

    public func mistakes() -> [String] {
        let most = strength * Double(BiasField.count(order: order))
        return most > 80 ? ["strength \(strength) is too much for order \(order): a voxel could become infinite"] : []
    }

    public func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws {
        let coefficients = (0..<BiasField.count(order: order)).map { _ in
            random.uniform(in: -strength...strength)
        }
        item.history.note("coefficients", .array(coefficients.map { .number($0) }))
        try item.volume.multiply(
            by: BiasField(order: order, coefficients: coefficients), workers: context.workers)
    }
}
