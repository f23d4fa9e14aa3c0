import DataSets

/// What a DICOMDIR says of one file: the record's type and its keys (PS3.3 Annex F.3 to F.5).
enum DirectoryRecord {
    /// An attribute of a record, and whether it must have a value.
    struct Key {
        var tag: Tag
        var vr: ValueRepresentation
        var needsValue: Bool

        init(_ group: UInt16, _ element: UInt16, _ vr: ValueRepresentation, needsValue: Bool = true) {
            (tag, self.vr, self.needsValue) = (Tag(group, element), vr, needsValue)
        }
    }

    static let patient = [Key(0x0010, 0x0010, .PN, needsValue: false), Key(0x0010, 0x0020, .LO)]
    static let study = [
        Key(0x0008, 0x0020, .DA), Key(0x0008, 0x0030, .TM), Key(0x0008, 0x0050, .SH, needsValue: false),
        Key(0x0008, 0x1030, .LO, needsValue: false), Key(0x0020, 0x000D, .UI), Key(0x0020, 0x0010, .SH),
    ]
    static let series = [Key(0x0008, 0x0060, .CS), Key(0x0020, 0x000E, .UI), Key(0x0020, 0x0011, .IS)]

    /// The type of the record of an object (PS3.3 Table F.4-1).
    static func type(of sopClass: String) -> String {
        let storage = "1.2.840.10008.5.1.4.1.1."
        guard sopClass.hasPrefix(storage) else { return "IMAGE" }
        let parts = sopClass.dropFirst(storage.count).split(separator: ".").map(String.init)
        let (first, second) = (parts.first ?? "", parts.dropFirst().first ?? "")
        switch first {
        case "88": return second == "59" ? "KEY OBJECT DOC" : "SR DOCUMENT"
        case "11": return "PRESENTATION"
        case "9": return "WAVEFORM"
        case "104": return "ENCAP DOC"
        case "4" where second == "2": return "SPECTROSCOPY"
        case "67": return "VALUE MAP"
        case "66":
            let types = [
                "": "RAW DATA", "1": "REGISTRATION", "2": "FIDUCIAL", "3": "REGISTRATION", "5": "SURFACE", "6": "TRACT",
            ]
            return types[second] ?? "IMAGE"
        case "481":
            let types = [
                "2": "RT DOSE", "3": "RT STRUCTURE SET", "4": "RT TREAT RECORD", "5": "RT PLAN", "6": "RT TREAT RECORD",
                "7": "RT TREAT RECORD", "8": "RT PLAN", "9": "RT TREAT RECORD",
            ]
            return types[second] ?? "IMAGE"
        default: return "IMAGE"
        }
    }

    static func keys(of type: String) -> [Key] {
        let number = Key(0x0020, 0x0013, .IS)
        let content = [Key(0x0008, 0x0023, .DA), Key(0x0008, 0x0033, .TM)]
        let label = [
            Key(0x0070, 0x0080, .CS), Key(0x0070, 0x0081, .LO, needsValue: false),
            Key(0x0070, 0x0084, .PN, needsValue: false),
        ]
        let concept = Key(0x0040, 0xA043, .SQ, needsValue: false)
        switch type {
        case "SR DOCUMENT":
            return content + [number, concept, Key(0x0040, 0xA491, .CS), Key(0x0040, 0xA493, .CS)]
        case "KEY OBJECT DOC": return content + [number, concept]
        case "PRESENTATION":
            let references = Key(0x0008, 0x1115, .SQ, needsValue: false)
            return [references, number] + label + [Key(0x0070, 0x0082, .DA), Key(0x0070, 0x0083, .TM)]
        case "WAVEFORM", "RAW DATA", "REGISTRATION", "FIDUCIAL", "VALUE MAP", "SURFACE", "TRACT":
            return content + [number] + (type == "WAVEFORM" || type == "RAW DATA" ? [] : label)
        case "SPECTROSCOPY": return [Key(0x0008, 0x0008, .CS)] + content + [number]
        case "ENCAP DOC":
            return content + [
                number, concept, Key(0x0042, 0x0010, .ST, needsValue: false), Key(0x0042, 0x0012, .LO),
            ]
        case "RT DOSE": return [number, Key(0x3004, 0x000A, .CS)]
        case "RT STRUCTURE SET":
            return [
                number, Key(0x3006, 0x0002, .SH), Key(0x3006, 0x0008, .DA, needsValue: false),
                Key(0x3006, 0x0009, .TM, needsValue: false),
            ]
        case "RT PLAN":
            return [
                number, Key(0x300A, 0x0002, .SH), Key(0x300A, 0x0006, .DA, needsValue: false),
                Key(0x300A, 0x0007, .TM, needsValue: false),
            ]
        case "RT TREAT RECORD":
            return [number, Key(0x3008, 0x0250, .DA, needsValue: false), Key(0x3008, 0x0251, .TM, needsValue: false)]
        default: return [number]
        }
    }

    /// The keys of a record with the values of a file; what must have a value and has none gets one that means nothing.
    static func elements(_ keys: [Key], of file: DataSet) -> [DataElement] {
        keys.compactMap { key in
            if let element = file[key.tag], !element.isEmpty { return element }
            if key.vr == .SQ { return nil }
            return key.needsValue ? Dummy.element(key.tag, key.vr) : Dummy.empty(key.tag, key.vr)
        }
    }
}
