/// Takes identities out of free text and leaves the words of the field (PS3.15 Annex E, Clean Descriptors and Clean
/// Structured Content options).
///
/// A word stays only if it is one of the vocabulary (PS3.16's concepts, PS3.6's names, terms and abbreviations of
/// radiology, the English of its reports) and nothing beside it makes it a name; a number stays only as a short
/// measure. Everything else goes, so that a name needs not be known to go.
///
/// What no list can tell stays: a diagnosis or a place in the body that only one person has, and a person whom a report
/// describes in words of the vocabulary alone.
public struct TextCleaner: Sendable {
    private let identities: IdentityWords

    /// - Parameter identities: what the file's own header says, which goes though it be of the vocabulary.
    public init(identities: IdentityWords = IdentityWords()) { self.identities = identities }

    /// Whether a value, or each of several, is a word of the vocabulary and nothing else but a digit behind it, which
    /// `clean` would leave as it is: "WINDOW1".
    static func isTerms(_ values: some Collection<UInt8>) -> Bool {
        values.split(separator: UInt8(ascii: "\\")).allSatisfy { value in
            let letters = value.prefix { 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 }
            let rest = value.dropFirst(letters.count).drop { 0x30...0x39 ~= $0 }
            return value.count <= 16 && value.count - letters.count - rest.count <= 1
                && rest.allSatisfy { $0 == 0x20 || $0 == 0 }
                && Vocabulary.look(up: letters.map { $0 | 0x20 }).kind == .plain
        }
    }

    /// The text without what may identify, and how many words and numbers went. A text with no words left is empty.
    public func clean(_ text: String) -> (text: String, removed: Int) {
        var tokenized = TokenizedText(text)
        guard !tokenized.tokens.isEmpty else { return ("", 0) }
        tokenized.classify()
        tokenized.remove(identities)
        tokenized.removePlacesAndDates()
        tokenized.removeNamedPeople()
        tokenized.decideNumbers()
        tokenized.removeNames()
        tokenized.removeBareNumbers()
        return (tokenized.written(), tokenized.tokens.count { $0.isGone })
    }
}
