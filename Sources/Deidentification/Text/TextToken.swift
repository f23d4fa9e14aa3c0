/// A word, number or other run of letters and digits in a text, and what has been decided about it.
struct TextToken {
    enum Shape: UInt8 {
        case word, number
        /// Letters and digits in one: "T1", "3mm", "b1000".
        case mixed
        /// Letters of other scripts, or signs that no text of the field has.
        case foreign
    }

    enum Casing: UInt8 { case lower, capitalised, upper, mixed }

    enum Verdict: UInt8 {
        case kept
        /// A number that stays or goes with what is beside it.
        case bare
        /// No word of the field.
        case unknown
        /// Gone by a rule, or as a word of the file's identity.
        case removed
    }

    /// Its UTF-8 bytes in the text, and its small letters without accents in `TokenizedText.folded`.
    var bytes: Range<Int>
    var folded: Range<Int>
    var shape: Shape
    var casing: Casing
    var gap: Gap
    var kind = WordKind.none
    var roles: WordRoles = []
    var verdict = Verdict.kept

    var isGone: Bool { verdict == .removed || verdict == .unknown }
    var isLetter: Bool { shape == .word && folded.count == 1 }
    var hasDigit: Bool { shape == .number || shape == .mixed }
    /// Written as names are: with a capital.
    var hasCapital: Bool { casing != .lower }
}

/// What stands between a token and the one before it.
struct Gap: OptionSet {
    let rawValue: UInt16
    static let space = Self(rawValue: 1)
    static let newline = Self(rawValue: 2)
    static let dot = Self(rawValue: 4)
    static let comma = Self(rawValue: 8)
    static let colon = Self(rawValue: 16)
    static let hyphen = Self(rawValue: 32)
    static let slash = Self(rawValue: 64)
    static let underscore = Self(rawValue: 128)
    static let equals = Self(rawValue: 256)
    static let percent = Self(rawValue: 512)
    static let times = Self(rawValue: 1024)
    static let plus = Self(rawValue: 2048)
    static let hash = Self(rawValue: 4096)
    static let other = Self(rawValue: 8192)
    /// A sentence, list item or line ends here: nothing beyond belongs to what is before.
    static let stop = Self(rawValue: 16384)

    /// Nothing but a hyphen, slash, underscore or dot, without a space: one compound.
    var joins: Bool { isDisjoint(with: [.space, .newline, .comma, .colon, .other, .stop]) }
    var isOnlySpace: Bool { self == .space || isEmpty }
}
