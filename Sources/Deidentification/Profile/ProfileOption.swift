/// Options of the Basic Application Level Confidentiality Profile (PS3.15 E.3).
public enum ProfileOption: String, Sendable, CaseIterable, Comparable {
    case retainSafePrivate = "retain-safe-private"
    case retainUIDs = "retain-uids"
    case retainDeviceIdentity = "retain-device-identity"
    case retainInstitutionIdentity = "retain-institution-identity"
    case retainPatientCharacteristics = "retain-patient-characteristics"
    case retainFullDates = "retain-longitudinal-full-dates"
    case retainModifiedDates = "retain-longitudinal-modified-dates"
    case cleanDescriptors = "clean-descriptors"
    case cleanStructuredContent = "clean-structured-content"
    case cleanGraphics = "clean-graphics"
    case cleanPixelData = "clean-pixel-data"
    case cleanRecognizableVisualFeatures = "clean-recognizable-visual-features"

    /// Its column in Table E.1-1; nil for the two that concern pixels.
    var column: Int? {
        let index = Self.allCases.firstIndex(of: self)!
        return index < 10 ? index : nil
    }

    /// CID 7050 "De-identification Method" (PS3.16).
    public var code: DeidentificationCode {
        switch self {
        case .cleanPixelData: .init("113101", "Clean Pixel Data Option")
        case .cleanRecognizableVisualFeatures: .init("113102", "Clean Recognizable Visual Features Option")
        case .cleanGraphics: .init("113103", "Clean Graphics Option")
        case .cleanStructuredContent: .init("113104", "Clean Structured Content Option")
        case .cleanDescriptors: .init("113105", "Clean Descriptors Option")
        case .retainFullDates: .init("113106", "Retain Longitudinal Temporal Information Full Dates Option")
        case .retainModifiedDates: .init("113107", "Retain Longitudinal Temporal Information Modified Dates Option")
        case .retainPatientCharacteristics: .init("113108", "Retain Patient Characteristics Option")
        case .retainDeviceIdentity: .init("113109", "Retain Device Identity Option")
        case .retainUIDs: .init("113110", "Retain UIDs Option")
        case .retainSafePrivate: .init("113111", "Retain Safe Private Option")
        case .retainInstitutionIdentity: .init("113112", "Retain Institution Identity Option")
        }
    }

    public static func < (left: Self, right: Self) -> Bool { left.code.value < right.code.value }
}

/// A coded entry of scheme DCM.
public struct DeidentificationCode: Sendable, Hashable {
    public let value: String
    public let meaning: String
    init(_ value: String, _ meaning: String) { (self.value, self.meaning) = (value, meaning) }

    static let basicProfile = Self("113100", "Basic Application Confidentiality Profile")
}
