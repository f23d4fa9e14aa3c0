/// How an image was acquired, by its DICOM code (PS3.3 C.7.3.1.1.1).
public struct Modality: Sendable, Hashable, RawRepresentable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let ct = Modality(rawValue: "CT")
    public static let mr = Modality(rawValue: "MR")
    public static let pet = Modality(rawValue: "PT")
    public static let computedRadiography = Modality(rawValue: "CR")
    /// Not told by the file: NIfTI, PNG and JPEG do not carry a modality.
    public static let other = Modality(rawValue: "OT")

    /// Whether it is a term of the standard (PS3.3 C.7.3.1.1.1): what is none may be anything that somebody typed.
    public var isKnown: Bool { Self.terms.contains(rawValue) }

    /// Defined terms: of common images first, at the end those that the standard has retired and old files still bear.
    public static let terms = [
        "CR", "DX", "CT", "MR", "PT", "NM", "US", "MG", "XA", "RF", "OT",
        "ANN", "AR", "ASMT", "AU", "BDUS", "BI", "BMD", "CTPROTOCOL", "DG", "DMS", "DOC", "ECG", "EEG", "EMG", "EOG",
        "EPS", "ES", "FID", "GM", "HC", "HD", "IO", "IOL", "IVOCT", "IVUS", "KER", "KO", "LEN", "LS", "M3D", "OAM",
        "OCT", "OP", "OPM", "OPT", "OPTBSV", "OPTENF", "OPV", "OSS", "PA", "PLAN", "POS", "PR", "PX", "REG", "RESP",
        "RG", "RTDOSE", "RTIMAGE", "RTINTENT", "RTPLAN", "RTRAD", "RTRECORD", "RTSEGANN", "RTSTRUCT", "RWV", "SC",
        "SEG", "SM", "SMR", "SR", "SRF", "STAIN", "TEXTUREMAP", "TG", "VA", "XAPROTOCOL", "XC",
        "AS", "CD", "CF", "CP", "CS", "DD", "DF", "DM", "DS", "EC", "FA", "FS", "LP", "MA", "MS", "OPR", "ST", "VF",
    ]

    public var isRadiograph: Bool { ["CR", "DX", "MG", "RG"].contains(rawValue) }
    public var description: String { rawValue }
}
