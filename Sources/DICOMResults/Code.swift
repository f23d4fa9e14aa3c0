import DataSets

/// A coded concept (PS3.3 8.8): a value, the scheme that it is of, and what it means in words.
public struct Code: Sendable, Hashable {
    public var value: String
    public var scheme: String
    public var meaning: String

    public init(_ value: String, _ scheme: String, _ meaning: String) {
        (self.value, self.scheme, self.meaning) = (value, scheme, meaning)
    }

    /// Of PS3.16 Annex D.
    static func dcm(_ value: String, _ meaning: String) -> Code { Code(value, "DCM", meaning) }
    /// Of SNOMED CT.
    static func sct(_ value: String, _ meaning: String) -> Code { Code(value, "SCT", meaning) }

    /// The scheme of codes that only Hilum knows (PS3.16 8.2: names of private schemes begin with 99).
    static let ownScheme = "99HILUM"

    /// An item of a code sequence. Values that SH has no room for go into Long Code Value.
    var item: DataSet {
        DataSet(of: [
            value.unicodeScalars.count <= 16 ? .text("CodeValue", value) : .text("LongCodeValue", value),
            .text("CodingSchemeDesignator", scheme), .text("CodeMeaning", limited(meaning, to: 64)),
        ])
    }

    /// An element of the header: Coding Scheme Identification Sequence (PS3.3 C.12.1), which says whose 99HILUM is.
    static var ownSchemeIdentification: DataElement {
        .items(
            "CodingSchemeIdentificationSequence",
            [
                DataSet(of: [
                    .text("CodingSchemeDesignator", ownScheme),
                    .text("CodingSchemeName", "Classes of models, and bands of confidence"),
                    .text("CodingSchemeResponsibleOrganization", "Hilum"),
                ])
            ])
    }
}

extension Code {
    static let percent = Code("%", "UCUM", "Percent")
    static let millimeter = Code("mm", "UCUM", "mm")
    static let abnormalStructure = sct("49755003", "Morphologically Abnormal Structure")

    /// What a finding is: the concept of SNOMED CT where the class of the model has one, else its own name.
    static func finding(_ label: String) -> Code {
        switch label.lowercased() {
        case "glioma": sct("393564001", "Glioma")
        case "meningioma": sct("302820008", "Intracranial meningioma")
        case "pituitary": sct("127024001", "Neoplasm of pituitary gland")
        case "tumor", "tumour", "neoplasm": sct("108369006", "Neoplasm")
        case "lesion": sct("52988006", "Lesion")
        case "mass": sct("4147007", "Mass")
        default: Code(label, ownScheme, label)
        }
    }
}
