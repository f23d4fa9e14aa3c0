public import Pipelines
import Transforms
import Volumes

/// `- window: { preset: lung }`, `- window: { center: 40, width: 400 }`, or the header's own window.
public struct WindowStage: Stage {
    public static let name = "window"
    public static let summary =
        "Map a window of values to [0, 1] (PS3.3 C.11.2); without options the header's window, or its VOI LUT."
    public static let produces: Set<Kind> = [.normalized, .unitRange]
    public static let parameters: [Parameter<WindowStage>] = [
        .choice("preset", \.preset, "A window that radiologists know by name."),
        .number("center", \.center, unit: "HU", "Window centre; goes with width."),
        .number("width", \.width, in: 0 ... .infinity, unit: "HU", "Window width; goes with center."),
        .choice("function", \.function, "How values map; by default the header's for its window, otherwise linear."),
        .integer("view", \.view, in: 1...64, "Which of the header's windows, from 1; behind them count its VOI LUTs."),
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
        let attributes = item.volume.attributes
        var window: Window
        if let preset {
            window = preset.window
        } else if let center, let width {
            window = Window(center: center, width: width)
        } else if attributes.windows.indices.contains(view - 1) {
            window = attributes.windows[view - 1]
            warnOfOtherWindows(&item)
        } else if attributes.voiLUTs.indices.contains(view - 1 - attributes.windows.count) {
            warnOfOtherWindows(&item)
            return try apply(attributes.voiLUTs[view - 1 - attributes.windows.count], to: &item)
        } else {
            throw TransformError(
                .missingInformation,
                "the header has \(attributes.windows.count) windows and \(attributes.voiLUTs.count) VOI LUTs, and view "
                    + "\(view) was asked for; give a preset or center and width")
        }
        if let function { window.function = function }
        warnOfStoredValues(&item)
        item.history.note("center", .number(window.center))
        item.history.note("width", .number(window.width))
        item.history.note("function", .string(window.function.rawValue))
        try item.volume.apply(window)
    }

    private func apply(_ table: VOILUT, to item: inout Item) throws {
        guard function == nil else {
            throw TransformError(
                .missingInformation,
                "view \(view) of the header is a VOI LUT, and function is for windows; leave function out")
        }
        warnOfStoredValues(&item)
        item.history.note("voiLUT", .integer(table.table.values.count))
        try item.volume.apply(table)
    }

    private func warnOfStoredValues(_ item: inout Item) {
        if item.volume.attributes.hasStoredValues {
            item.warn("stored-values", "window was applied to stored values; put rescale before it")
        }
    }

    private func warnOfOtherWindows(_ item: inout Item) {
        if item.volume.attributes.hasVaryingWindows {
            item.warn(
                "windows-differ",
                "slices have windows of their own in the header, and the middle one's was applied to all; give a preset "
                    + "or center and width for one that is meant")
        }
    }
}
