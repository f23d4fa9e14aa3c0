import CStandards
import DataSets

/// Whether a value reads as its attribute announces (PS3.5 6.2). Rules go by the dictionary's representation, and a file
/// may state another, or put words where a number belongs: such a value could tell anything.
enum ValueSyntax {
    /// By the dictionary's representation; attributes that it doesn't know announce what the file states.
    static func fits(_ element: DataElement) -> Bool {
        fits(element, announced: announced(element.tag) ?? element.vr)
    }

    static func fits(_ element: DataElement, announced: ValueRepresentation) -> Bool {
        let stated = element.vr
        guard !element.isEmpty else { return true }
        // Nobody knows what representation the bytes have but by the announcement.
        if stated == .UN, let bytes = element.bytes, announced.isText { return isWellFormed(bytes, as: announced) }
        guard stated.isText, let bytes = element.bytes else {
            return announced.isBulk || !stated.isBulk && (announced.isNumeric || announced == .AT)
        }
        // The search for identities looks into texts and codes, not into what states a number, a date or a UID.
        guard stated == .CS || isWellFormed(bytes, as: stated) else { return false }
        return announced == stated && stated != .CS || isWellFormed(bytes, as: announced)
    }

    /// Of several codes those that read as codes, the others a dummy: each means something by its place, as in Image Type.
    ///
    /// - Returns: nil for what is no code string of several values.
    static func wellFormedCodes(_ element: DataElement) -> String? {
        guard element.vr == .CS, announced(element.tag) == .CS, let bytes = element.bytes, bytes.contains(0x5C) else {
            return nil
        }
        return bytes.split(separator: 0x5C, omittingEmptySubsequences: false).map { code in
            let text = String(decoding: trimmed(code), as: UTF8.self)
            return isCode(trimmed(code)) && !TechnicalText.isPersonal(text, .technique) ? text : Dummy.word
        }.joined(separator: "\\")
    }

    /// The dictionary's representation; of several the one of bulk, in which the others can be written.
    static func announced(_ tag: Tag) -> ValueRepresentation? {
        guard let element = standard_element_for(tag.number)?.pointee else { return nil }
        return element.vr2.0 != 0 && [element.vr2.0, element.vr3.0].contains(CChar(UInt8(ascii: "O")))
            ? .OW : ValueRepresentation(element)
    }

    /// - Parameter bytes: characters, in whatever character set.
    private static func isWellFormed(_ bytes: ArraySlice<UInt8>, as vr: ValueRepresentation) -> Bool {
        switch vr {
        case _ where vr.isNumeric: values(bytes).allSatisfy { isNumber(trimmed($0)) }
        case .CS: values(bytes).allSatisfy { isCode(trimmed($0)) }
        case .UI: values(bytes).allSatisfy { isUID(trimmed($0)) }
        case .DA: texts(bytes).allSatisfy { unmoved.date($0) != nil }
        case .DT: texts(bytes).allSatisfy { unmoved.dateTime($0) != nil }
        case .TM: texts(bytes).allSatisfy { ClockTime.isTime($0) }
        case .AS: texts(bytes).allSatisfy { PatientAge.capped($0) != nil }
        case .AT, .SQ, .UN: false
        default: !vr.isBulk
        }
    }

    private static let unmoved = DateShift(days: 0)

    private static func values(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] { bytes.split(separator: 0x5C) }

    private static func texts(_ bytes: ArraySlice<UInt8>) -> [String] {
        values(bytes).map { String(decoding: trimmed($0), as: UTF8.self) }.filter { !$0.isEmpty }
    }

    private static func trimmed(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var value = value
        while let last = value.last, last == 0x20 || last == 0 { value.removeLast() }
        while value.first == 0x20 { value.removeFirst() }
        return value
    }

    /// A decimal number, longer than 16 characters too, as many write them.
    private static func isNumber(_ value: ArraySlice<UInt8>) -> Bool {
        guard value.count <= 32 else { return false }
        var rest = value
        func sign() { if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest.removeFirst() } }
        func digits() -> Int {
            let count = rest.prefix { (0x30...0x39).contains($0) }.count
            rest.removeFirst(count)
            return count
        }
        sign()
        var count = digits()
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            count += digits()
        }
        if count > 0, let mark = rest.first, mark & 0xDF == UInt8(ascii: "E") {
            rest.removeFirst()
            sign()
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty && (count > 0 || value.isEmpty)
    }

    /// In small letters too, and with marks: what is longer could be a sentence.
    private static func isCode(_ value: ArraySlice<UInt8>) -> Bool {
        value.count <= 16 && value.allSatisfy { (0x20...0x7E).contains($0) }
    }

    private static func isUID(_ value: ArraySlice<UInt8>) -> Bool {
        value.count <= 64 && value.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    }
}
