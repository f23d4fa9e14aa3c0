public import DataSets

/// Attributes that could single a person out among others, where an option keeps them (PS3.15 E.3.6 to E.3.8).
public enum QuasiIdentifiers {
    /// With the names that reports have for them.
    public static let attributes: [(name: String, tag: Tag)] = [
        ("age", .patientAge), ("sex", .patientSex), ("size", .patientSize), ("weight", Tag(0x0010, 0x1030)),
        ("bodyMassIndex", .patientBodyMassIndex), ("ethnicGroup", Tag(0x0010, 0x2160)),
        ("institution", Tag(0x0008, 0x0080)), ("model", Tag(0x0008, 0x1090)),
    ]

    /// By tag.
    static let names = Dictionary(uniqueKeysWithValues: attributes.map { ($0.tag, $0.name) })

    /// What a table or sidecar calls a sex, as DICOM's codes.
    static func code(ofSex text: String) -> String {
        ["male": "M", "female": "F", "other": "O"][text.lowercased()] ?? text.uppercased()
    }
}
