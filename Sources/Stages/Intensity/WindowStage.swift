public import Pipelines
import Transforms
import Volumes

/// `- window: { preset: lung }`, `- window: { center: 40, width: 400 }`, or the header's own window.
public struct WindowStage: Stage {
    public static let name = "window"
    public static let summary =
        "Map a window of values to [0, 1] (PS3.3 C.11.2.1.2); without options the header's window."
    public static let produces: Set<Kind> = [.normalized, .unitRange]
    public static let parameters: [Parameter<WindowStage>] = [
        .choice("preset", \.preset, "A window that radiologists know by name."),
        .number("center", \.center, unit: "HU", "Window centre; goes with width."),
        .number("width", \.width, in: 0 ... .infinity, unit: "HU", "Window width; goes with center."),
        .choice("function", \.function, "How values map; by default the header's for its window, otherwise linear."),
        .integer("view", \.view, in: 1...64, "Which of the header's windows, from 1."),
    ]

    var preset: WindowPreset?
    var center: Double?
    var width: Double?
    var function: VOIFunction?
    var view = 1

    public init() {}

    public func mistakes() -> [String] {
        if preset != nil, center != nil || width != nil { return ["give either preset or center and width, not both"] }
        if view != 1, preset != nil || center != nil {
            return ["view is one of the header's windows: leave it out here"]
        }
        if (center == nil) != (width == nil) { return ["center and width go together; one is missing"] }
        if let width, width < 1, function == nil || function == .linear {
            return ["a linear window needs a width of at least 1, found \(width)"]
        }
        return []
    }

    public func run(_ item: inout Item, _ context: StageContext) throws {
        var window: Window
        if let preset {
            window = preset.window
        } else if let center, let width {
            window = Window(center: center, width: width)
        } else if item.volume.attributes.windows.indices.contains(view - 1) {
            window = item.volume.attributes.windows[view - 1]
        } else {
            throw TransformError(
                .missingInformation,
                "the header has \(item.volume.attributes.windows.count) windows and view \(view) was asked for; "
                    + "give a preset or center and width")
        }
        if let function { window.function = function }
        if item.volume.attributes.hasStoredValues {
            item.warn("stored-values", "window was applied to stored values; put rescale before it")
        }
        item.history.note("center", .number(window.center))
        item.history.note("width", .number(window.width))
        item.history.note("function", .string(window.function.rawValue))
        try item.volume.apply(window)
    }
}
