public import Pipelines
import Volumes

@testable public import Stages

/// `- invert: { top: 1 }`
public struct InvertStage: Stage {
    public static let name = "invert"
    public static let summary = "Turn bright into dark: top - value."
    public static let parameters: [Parameter<InvertStage>] = [
        .number("top", \.top, in: 0...65535, "Value that becomes 0.")
    ]

    var top = 1.0

    public init() {}

    /// With another top the image leaves [0, 1].
    public var withholds: Set<Kind> { top == 1 ? [] : [.unitRange] }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        try item.volume.requireOutputValues(for: Self.name)
        item.volume.mapValues { values in
            for index in values.indices { values[index] = Float(top) - values[index] }
        }
    }
}
