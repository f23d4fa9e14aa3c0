public import Volumes

/// Windows that radiologists know by name, centre / width in HU.
public enum WindowPreset: String, Sendable, CaseIterable {
    case brain
    case subdural
    case stroke
    case bone
    case lung
    case softTissue = "soft-tissue"
    case mediastinum
    case liver

    public var window: Window {
        switch self {
        case .brain: Window(center: 40, width: 80)
        case .subdural: Window(center: 75, width: 215)
        case .stroke: Window(center: 40, width: 40)
        case .bone: Window(center: 400, width: 2000)
        case .lung: Window(center: -600, width: 1500)
        case .softTissue: Window(center: 40, width: 400)
        case .mediastinum: Window(center: 40, width: 350)
        case .liver: Window(center: 60, width: 160)
        }
    }
}
