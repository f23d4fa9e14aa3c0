import DataSets

/// Values that mean nothing and are valid for their representation (PS3.5 6.2).
enum Dummy {
    static let word = "REMOVED"

    static func element(_ tag: Tag, _ vr: ValueRepresentation) -> DataElement {
        switch vr {
        case .PN: DataElement(tag, vr, text: "REMOVED")
        case .DA: DataElement(tag, vr, text: "19000101")
        case .DT: DataElement(tag, vr, text: "19000101000000")
        case .TM: DataElement(tag, vr, text: "000000")
        case .AS: DataElement(tag, vr, text: "000Y")
        case .DS, .IS: DataElement(tag, vr, text: "0")
        case .UI: DataElement(tag, vr, text: "2.25.0")
        case .UR: DataElement(tag, vr, text: "urn:removed")
        case .SQ: DataElement(tag, vr, .items([]))
        case .UN: DataElement(tag, vr, .bytes(Array("REMOVED ".utf8)[...]))
        case _ where vr.isText: DataElement(tag, vr, text: word)
        default:
            DataElement(tag, vr, .bytes(ArraySlice(repeating: 0, count: max(2, vr.wordSize * (vr == .AT ? 2 : 1)))))
        }
    }

    static func empty(_ tag: Tag, _ vr: ValueRepresentation) -> DataElement {
        DataElement(tag, vr, vr == .SQ ? .items([]) : .bytes([]))
    }
}
