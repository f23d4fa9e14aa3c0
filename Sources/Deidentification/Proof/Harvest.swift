import CStandards
import DataSets

/// The original values of one file that rules took away, as needles in every spelling that an output could hold.
struct Harvest: Sendable {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    var needles = NeedleSet()
    /// The same value comes again in each frame's functional groups.
    private var seen = FoldedTexts()
    /// How each of these was noted: what a description says may be a name, too, and a number a date.
    private var manners: [Manner] = []
    /// Those whose spellings are noted.
    private var dates: Set<[UInt8]> = []
    /// Of the element at hand.
    private(set) var charset = CharacterSet.ascii

    /// Notes an element that does not stay, and all that it holds.
    mutating func note(_ element: DataElement, charset: CharacterSet) {
        switch element.value {
        case .items(let items):
            for item in items {
                let own = item[.specificCharacterSet].map { CharacterSet($0) } ?? charset
                for inner in item.elements { note(inner, charset: own) }
            }
        case .bytes(let bytes):
            guard bytes.count >= (element.vr == .PN ? 2 : Needle.shortest), let kind = Self.kind(of: element),
                isNew(bytes, Manner(element, kind))
            else { return }
            self.charset = charset
            if element.vr.isText { noteText(element, bytes, kind) } else { noteBytes(element, bytes) }
        case .stored, .fragments: break
        }
    }

    /// Notes all that another noted.
    mutating func formUnion(_ other: Harvest) { needles.formUnion(other.needles) }

    /// Notes parts of a path, and the words of it that may be names.
    ///
    /// - Parameter technique: texts that name the scanner, after which folders are called, too.
    mutating func note(path: String, technique: [String]) {
        for part in path.split(separator: "/") {
            let stem = part.split(separator: ".").first ?? part
            if stem.utf8.count >= 6 { insert(String(stem), .description, Tag(0)) }
            for var word in PathWords.identities(in: part, technique) { word.withUTF8 { noteWord($0, Tag(0)) } }
        }
    }

    /// How a value is noted: names, dates and identifiers in spellings of their own.
    private struct Manner: OptionSet {
        let rawValue: UInt8

        init(rawValue: UInt8) { self.rawValue = rawValue }

        init(_ element: DataElement, _ kind: Needle.Kind) {
            let manner: UInt8 =
                switch element.vr {
                case .PN: 0
                case .DA: 1
                case .DT: 2
                case _ where Harvest.isIdentifier(element): 3
                case _ where element.vr.isText: 4 + UInt8(kind.rawValue)
                default: 7
                }
            rawValue = 1 << manner
        }
    }

    /// Whether a value has not been noted in this manner before.
    private mutating func isNew(_ bytes: ArraySlice<UInt8>, _ manner: Manner) -> Bool {
        let (place, isNew) = bytes.withUnsafeBufferPointer { seen.insert($0) }
        if isNew {
            manners.append(manner)
            return true
        }
        return manners[place].insert(manner).inserted
    }

    private static func isIdentifier(_ element: DataElement) -> Bool {
        element.vr == .LO && (element.tag == .patientID || element.tag == Tag(0x0010, 0x1000))
    }

    private mutating func noteText(_ element: DataElement, _ bytes: ArraySlice<UInt8>, _ kind: Needle.Kind) {
        if bytes.allSatisfy({ $0 < 0x80 && $0 != 0x1B }) {
            bytes.withUnsafeBufferPointer { noteValues($0, kind, element) }
        } else {
            var text = charset.decode(bytes)
            text.withUTF8 { noteValues($0, kind, element) }
            if element.vr == .PN { noteName(read: text, otherwise: bytes, element.tag) }
            // The bytes themselves, in whatever character set they are.
            bytes.withUnsafeBufferPointer { needles.insert(Self.trimmed($0), kind, from: element.tag) }
        }
    }

    /// - Parameter text: UTF-8.
    private mutating func noteValues(_ text: Bytes, _ kind: Needle.Kind, _ element: DataElement) {
        let values = element.vr.isMultiValued ? text.split(separator: UInt8(ascii: "\\")) : [text[...]]
        for value in values {
            let value = Self.trimmed(Bytes(rebasing: value))
            switch element.vr {
            case .PN: noteName(value, element.tag)
            case .DA, .DT: noteDate(value, element.tag)
            case _ where Self.isIdentifier(element): noteIdentifier(value, element.tag)
            default: insert(value, kind, element.tag)
            }
        }
    }

    /// An identifier, also with other marks between its parts: "PID_4711" for "PID-4711".
    private mutating func noteIdentifier(_ text: Bytes, _ tag: Tag) {
        insert(text, .identity, tag)
        let words = text.words
        guard words.count > 1, words.reduce(0, { $0 + $1.count }) > 4 else { return }
        for mark in ["", "-", "_", " "] {
            Array(words.joined(separator: mark.utf8)).withUnsafeBufferPointer { insert($0, .identity, tag) }
        }
    }

    private mutating func noteDate(_ text: Bytes, _ tag: Tag) {
        insert(text, .identity, tag)
        let digits = Array(text.prefix(8))
        guard digits.count == 8, digits.allSatisfy(Self.isDigit), !Self.meaningless.contains(text),
            dates.insert(digits).inserted
        else { return }
        DateSpellings.forEach(DateSpellings.usual, of: digits) { insert($0, .identity, tag) }
        guard DateSpellings.isDay(digits) else { return }
        DateSpellings.forEach(DateSpellings.other, of: digits) { needles.insert($0, .identity, from: tag) }
        let isShort = digits[4] == UInt8(ascii: "0") || digits[6] == UInt8(ascii: "0")
        for templates in [DateSpellings.short] + (isShort ? [DateSpellings.unpadded] : []) {
            DateSpellings.forEach(templates, of: digits) { needles.insert($0, .date, from: tag) }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Readable text within bytes of no known representation: private elements, and what was labelled UN.
    mutating func noteBytes(_ element: DataElement, _ bytes: ArraySlice<UInt8>) {
        guard [.UN, .OB].contains(element.vr) else { return }
        bytes.withUnsafeBufferPointer { bytes in
            for run in bytes.split(whereSeparator: { !(0x20...0x7E).contains($0) }) where run.count >= 6 {
                insert(Self.trimmed(Bytes(rebasing: run)), .description, element.tag)
            }
        }
    }

    mutating func insert(_ text: String, _ kind: Needle.Kind, _ origin: Tag) {
        var text = text
        text.withUTF8 { insert($0, kind, origin) }
    }

    /// - Parameter text: UTF-8.
    mutating func insert(_ text: Bytes, _ kind: Needle.Kind, _ origin: Tag) {
        guard text.count >= 2, !Self.meaningless.contains(text), !Self.isVocabulary(text) else { return }
        needles.insert(text, kind, from: origin)
        guard text.count >= Needle.shortest else { return }
        if text.allSatisfy({ $0 < 0x80 }) {
            needles.insert(widened: text, kind, from: origin)
            return
        }
        let units = Array(String(decoding: text, as: UTF8.self).utf16)
        // Two characters of UTF-16 are four bytes, which stand in numbers by chance.
        guard units.count > 2 else { return }
        for bytes in [
            units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] },
        ] { bytes.withUnsafeBufferPointer { needles.insert($0, kind, from: origin, isWide: true) } }
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

    private static func isVocabulary(_ text: Bytes) -> Bool {
        text.starts(with: "1.".utf8) && standard_uid_kind(String(decoding: text, as: UTF8.self)) != nil
    }

    /// What stands in for a value that nobody knew.
    private static let meaningless: FoldedTexts = {
        var texts = FoldedTexts()
        for text in [
            "UNKNOWN", "NONE", "NULL", "N/A", "ANON", "ANONYMOUS", "ANONYMIZED", "REMOVED", "TEST", "PATIENT",
            "UNDEFINED", "00010101", "19000101", "19000101000000", "000000", "2.25.0", "MALE", "FEMALE", "OTHER",
        ] { Array(text.utf8).withUnsafeBufferPointer { _ = texts.insert($0) } }
        return texts
    }()

    private static func trimmed(_ text: Bytes) -> Bytes {
        let isPadding = { (byte: UInt8) in byte == 0x20 || byte == 0 }
        guard let first = text.firstIndex(where: { !isPadding($0) }),
            let last = text.lastIndex(where: { !isPadding($0) })
        else { return Bytes(rebasing: text[..<0]) }
        return Bytes(rebasing: text[first...last])
    }
}
