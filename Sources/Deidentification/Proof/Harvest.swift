import CStandards
import DataSets

/// The original values of one file that rules took away, as needles in every spelling that an output could hold.
struct Harvest: Sendable {
    private(set) var needles = NeedleSet()
    /// The same value comes again in each frame's functional groups.
    private var seen: Set<ByteText> = []

    /// Notes an element that does not stay, and all that it holds.
    mutating func note(_ element: DataElement, charset: CharacterSet) {
        switch element.value {
        case .items(let items):
            for item in items {
                let own = item[.specificCharacterSet].map { CharacterSet($0) } ?? charset
                for inner in item.elements { note(inner, charset: own) }
            }
        case .bytes(let bytes):
            guard bytes.count >= Needle.shortest, seen.insert(ByteText(folding: bytes)).inserted else { return }
            if element.vr.isText { noteText(element, bytes, charset) } else { noteBytes(element, bytes) }
        case .stored, .fragments: break
        }
    }

    /// Notes all that another noted.
    mutating func formUnion(_ other: Harvest) { for needle in other.needles.all { needles.insert(needle) } }

    /// Notes parts of a path.
    mutating func note(path: String) {
        for part in path.split(separator: "/") {
            let stem = part.split(separator: ".").first ?? part
            if stem.utf8.count >= 6 { insert(String(stem), .description, Tag(0)) }
        }
    }

    private mutating func noteText(_ element: DataElement, _ bytes: ArraySlice<UInt8>, _ charset: CharacterSet) {
        let text = charset.decode(bytes)
        let values = element.vr.isMultiValued ? text.split(separator: "\\") : [text[...]]
        guard let kind = Self.kind(of: element) else { return }
        for value in values {
            let value = Self.trimmed(value)
            switch element.vr {
            case .PN: noteName(value, element.tag)
            case .DA, .DT: noteDate(value, element.tag)
            default: insert(value, kind, element.tag)
            }
        }
        // The bytes themselves, in whatever character set they are.
        if bytes.contains(where: { $0 >= 0x80 || $0 == 0x1B }) {
            let raw = bytes.reversed().drop { $0 == 0x20 || $0 == 0 }.reversed()
            needles.insert(Needle(Array(raw), kind, from: element.tag))
        }
    }

    /// Names are noted whole and in parts; each alone identifies.
    private mutating func noteName(_ name: String, _ tag: Tag) {
        insert(name, .identity, tag)
        for part in name.split(whereSeparator: { "^= ,;".contains($0) }) { insert(String(part), .identity, tag) }
    }

    /// A name in the orders in which people write it, and never in part.
    mutating func note(wholeName name: String) {
        insert(name, .identity, .patientName)
        let parts = name.split(whereSeparator: { "^= ".contains($0) }).map(String.init)
        guard parts.count > 1 else { return }
        for spelling in [parts.joined(separator: " "), parts[1] + " " + parts[0], parts[0] + ", " + parts[1]] {
            insert(spelling, .identity, .patientName)
        }
    }

    private mutating func noteDate(_ text: String, _ tag: Tag) {
        insert(text, .identity, tag)
        let digits = Array(text.prefix(8))
        guard digits.count == 8, digits.allSatisfy(\.isASCIIDigit), text != "00010101", text != "19000101" else {
            return
        }
        let (year, month, day) = (String(digits[0..<4]), String(digits[4..<6]), String(digits[6..<8]))
        for spelling in [
            year + month + day, "\(year)-\(month)-\(day)", "\(year).\(month).\(day)", "\(year)/\(month)/\(day)",
            "\(day).\(month).\(year)", "\(day)/\(month)/\(year)", "\(month)/\(day)/\(year)", "\(day)-\(month)-\(year)",
        ] {
            insert(spelling, .identity, tag)
        }
    }

    /// Readable text within bytes of no known representation: private elements, and what was labelled UN.
    mutating func noteBytes(_ element: DataElement, _ bytes: ArraySlice<UInt8>) {
        guard [.UN, .OB].contains(element.vr) else { return }
        for run in bytes.split(whereSeparator: { !(0x20...0x7E).contains($0) }) where run.count >= 6 {
            insert(Self.trimmed(String(decoding: run, as: UTF8.self)[...]), .description, element.tag)
        }
    }

    mutating func insert(_ text: String, _ kind: Needle.Kind, _ origin: Tag) {
        guard text.utf8.count >= 2, !Self.meaningless.contains(text.uppercased()), !Self.isVocabulary(text) else {
            return
        }
        needles.insert(Needle(Array(text.utf8), kind, from: origin))
        guard text.utf8.count >= Needle.shortest else { return }
        // Big endian UTF-16 is the same bytes, one place on.
        needles.insert(
            Needle(Array(text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }.dropLast()), kind, from: origin))
    }

    /// Codes, numbers and short times are too common to tell anything; nil for them.
    private static func kind(of element: DataElement) -> Needle.Kind? {
        switch element.vr {
        case .PN, .DA, .DT, .UI: return .identity
        case .CS, .DS, .IS, .AS: return nil
        case .TM: return element.length ?? 0 >= 10 ? .identity : nil
        default: break
        }
        guard !element.tag.isPrivate, let rule = standard_rule_for(element.tag.number)?.pointee else {
            return .description
        }
        // What may be cleaned instead of removed is a description; what may not is an identifier.
        return standard_action(UInt32(rule.option.7)) == ACTION_C ? .description : .identity
    }

    private static func isVocabulary(_ text: String) -> Bool { text.hasPrefix("1.") && standard_uid_kind(text) != nil }

    /// What stands in for a value that nobody knew.
    private static let meaningless: Set<String> = [
        "UNKNOWN", "NONE", "NULL", "N/A", "ANON", "ANONYMOUS", "ANONYMIZED", "REMOVED", "TEST", "PATIENT", "UNDEFINED",
        "00010101", "19000101", "000000", "2.25.0", "MALE", "FEMALE", "OTHER",
    ]

    private static func trimmed(_ text: Substring) -> String {
        let isPadding = { (byte: UInt8) in byte == 0x20 || byte == 0 }
        var utf8 = text.utf8
        while let first = utf8.first, isPadding(first) { utf8.removeFirst() }
        while let last = utf8.last, isPadding(last) { utf8.removeLast() }
        return String(Substring(utf8))
    }
}
