import CStandards

/// What a word is to who looks for names: `standard_word_kind` of CStandards.
enum WordKind: UInt8 {
    case none, plain, surname, beside, name, given, eponym, particle, givenName

    /// Kept where nothing beside it speaks against it.
    var isWord: Bool { self != .none && self != .givenName }
}

/// What a word means for those beside it: `standard_word_role` of CStandards.
struct WordRoles: OptionSet {
    let rawValue: UInt32
    static let title = Self(ROLE_TITLE)
    static let ambiguousTitle = Self(ROLE_AMBIGUOUS_TITLE)
    static let person = Self(ROLE_PERSON)
    static let weakPerson = Self(ROLE_WEAK_PERSON)
    static let credential = Self(ROLE_CREDENTIAL)
    static let place = Self(ROLE_PLACE)
    static let identifier = Self(ROLE_IDENTIFIER)
    static let street = Self(ROLE_STREET)
    static let sureStreet = Self(ROLE_SURE_STREET)
    static let streetFirst = Self(ROLE_STREET_FIRST)
    static let institution = Self(ROLE_INSTITUTION)
    static let institutionPart = Self(ROLE_INSTITUTION_PART)
    static let institutionEnd = Self(ROLE_INSTITUTION_END)
    static let month = Self(ROLE_MONTH)
    static let clock = Self(ROLE_CLOCK)
    static let unit = Self(ROLE_UNIT)
    static let age = Self(ROLE_AGE)
    static let label = Self(ROLE_LABEL)
    static let eponymHead = Self(ROLE_EPONYM_HEAD)
    static let eponymOf = Self(ROLE_EPONYM_OF)
    static let domain = Self(ROLE_DOMAIN)
    static let saint = Self(ROLE_SAINT)

    init(rawValue: UInt32) { self.rawValue = rawValue }
    private init(_ role: standard_word_role) { self.init(rawValue: UInt32(role.rawValue)) }
}

enum Vocabulary {
    /// Kind and roles of a word in small letters without accents.
    static func look(up folded: some Sequence<UInt8>) -> (kind: WordKind, roles: WordRoles) {
        let found = folded.withContiguousStorageIfAvailable { bytes -> UnsafePointer<standard_word>? in
            bytes.withMemoryRebound(to: CChar.self) { standard_word_for($0.baseAddress, $0.count) }
        }
        guard let word = found ?? nil else { return (.none, []) }
        return (WordKind(rawValue: word.pointee.kind) ?? .none, WordRoles(rawValue: word.pointee.roles))
    }

    /// Whether a number and the word after it are an age over 89 years, which singles people out: years by the words of
    /// ages, also in months and weeks.
    static func isOldAge(_ number: Int, _ word: ArraySlice<UInt8>) -> Bool {
        switch String(decoding: word, as: UTF8.self) {
        case "mo", "month", "months": number > 1068
        case "wk", "wks", "week", "weeks": number > 4643
        default: number > 89 && look(up: word).roles.contains(.age)
        }
    }

    /// Whether a word in a code means the thing, though somebody may be called like it: "TEXT", "HEAD".
    static func isTerm(_ word: some Collection<UInt8>) -> Bool {
        let folded = word.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        return [.plain, .surname, .beside].contains(look(up: folded).kind)
    }
}
