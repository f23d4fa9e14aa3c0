public import Pipelines
public import Transforms

/// A stage that draws parameters for an item, notes them in its history, and calls a deterministic transform.
///
/// Whether it is applied at all is its first draw; nothing else is drawn or changed where it is not.
public protocol RandomStage: Stage<Item> {
    /// Share of items, and of variants, that it is applied to.
    var probability: Double { get set }
    /// Minds padding and slopes itself. Others need output values where slices have slopes of their own or padding is left.
    static var takesStoredValues: Bool { get }

    /// Draws, notes, and changes the item.
    func apply(_ item: inout Item, _ random: inout Philox, _ context: StageContext) throws
}

extension RandomStage {
    public static var isRandom: Bool { true }
    public static var takesStoredValues: Bool { false }

    /// The result beside the image that it is made from.
    public func workingBytes(_ input: Outline) -> Int { input.bytes }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        if !Self.takesStoredValues {
            // Whatever is drawn: variants of an item should not differ in whether they fail.
            try item.volume.requireOneSlope(for: Self.name)
            try item.volume.requireNoPadding(for: Self.name)
        }
        var random = context.random
        let isApplied = random.uniform() < probability
        item.history.note("applied", .bool(isApplied))
        if isApplied { try apply(&item, &random, context) }
    }
}

extension Outline {
    /// Bytes of some images like this one, and of another; `Int.max` when they are more.
    func times(_ count: Int, and other: Outline? = nil) -> Int {
        let (product, isTooMuch) = bytes.multipliedReportingOverflow(by: count)
        let (sum, overflow) = product.addingReportingOverflow(other?.bytes ?? 0)
        return isTooMuch || overflow ? .max : sum
    }
}

extension StageContext {
    /// The draws of this stage for this item and variant.
    var random: Philox { Philox(seed: seed, item: item, stage: stageIndex, variant: variant) }
}

extension Parameter where Owner: RandomStage {
    static var probability: Parameter {
        .number(
            "probability", \.probability, in: 0...1, "Share of items, and of their variants, that it is applied to.")
    }
}

/// What a strength is a share of.
enum Measure: String, CaseIterable {
    /// The width of the image's intensities without outliers (percentiles 0.5 to 99.5).
    case range
    /// The image's own unit: HU, or whatever the voxels hold.
    case value
}

extension Measure {
    static let meaning = "range: shares of the image's percentiles 0.5 to 99.5; value: the image's own unit."

    /// The factor from shares to values, of each sequence by itself. A constant image has no range: 0, with a warning.
    func factors(_ item: inout Item) throws -> [Double] {
        guard self == .range else { return [1] }
        let spreads = try item.volume.measured { volume throws(TransformError) in try volume.spread() }
        if spreads.contains(0) {
            item.warn("constant-image", "every voxel has the same value; there is no range to take a share of")
        }
        return spreads
    }
}

extension Philox {
    /// - Parameter bounds: least and greatest value.
    mutating func uniform(between bounds: [Double]) -> Double { uniform(in: bounds[0]...bounds[1]) }

    /// Evenly in the logarithm; both bounds above 0.
    mutating func exponential(between bounds: [Double]) -> Double {
        elementaryExp(uniform(in: elementaryLog(bounds[0])...elementaryLog(bounds[1])))
    }

    /// A whole number between two bounds, both included.
    mutating func count(between bounds: [Int]) -> Int { bounds[0] + index(below: bounds[1] - bounds[0] + 1) }

    mutating func choice<Element>(_ elements: [Element]) -> Element { elements[index(below: elements.count)] }
}

/// What is wrong with a pair of bounds; nothing where they rise or are equal.
func falling<Value: Comparable>(_ name: String, _ bounds: [Value]) -> [String] {
    bounds[0] <= bounds[1]
        ? [] : ["\(name): the first number (\(bounds[0])) must not be above the second (\(bounds[1]))"]
}

extension JSONValue {
    /// x, y, z.
    init(_ vector: SIMD3<Double>) { self = .array([.number(vector.x), .number(vector.y), .number(vector.z)]) }
}
