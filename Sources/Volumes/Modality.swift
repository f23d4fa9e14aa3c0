/// How an image was acquired, by its DICOM code (PS3.3 C.7.3.1.1.1).
public struct Modality: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let ct = Modality(rawValue: "CT")
    public static let mr = Modality(rawValue: "MR")
    public static let pet = Modality(rawValue: "PT")
    public static let computedRadiography = Modality(rawValue: "CR")
    public static let digitalRadiography = Modality(rawValue: "DX")
    /// Not told by the file: NIfTI, PNG and JPEG do not carry a modality.
    public static let other = Modality(rawValue: "OT")

    public var isRadiograph: Bool { ["CR", "DX", "MG", "RG"].contains(rawValue) }
    public var description: String { rawValue }
}
