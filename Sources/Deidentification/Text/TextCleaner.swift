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
