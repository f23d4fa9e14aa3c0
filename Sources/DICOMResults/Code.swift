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

/// The first characters of a text that a value representation has no room for. What a reader sees as one may be several
/// (PS3.5 6.2 counts code points).
func limited(_ text: String, to count: Int) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.prefix(count)))
}

extension String {
    /// The same as one value of one line: backslashes part values, and control characters are none of most value
    /// representations' (PS3.5 6.1.2.3, 6.2). For names that come with a model.
    var asOneValue: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { $0 == "\\" || $0.properties.generalCategory == .control ? "_" : $0 }))
    }
}

/// A number as a decimal string (DS): at most sixteen characters, as many digits as they hold.
func decimal(_ value: Double) -> String {
    var scale = 1e12
    while scale >= 1 {
        let text = "\((value * scale).rounded() / scale)"
        if text.count <= 16 { return text }
        scale /= 10
    }
    return "\(Float(value))"
}
