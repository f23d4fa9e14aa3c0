import DataSets

/// Takes elements of the images' header over into results: text in UTF-8, and no date or time that is none. Notes what a
/// reader of the results could not see: where text was guessed, and which values are not what they should be.
struct HeaderText {
    /// Whose bytes are no text of the stated character set.
    private var undecoded: Set<Tag> = []
    /// Taken over though no value of their representation.
    private var misfits: Set<Tag> = []
    /// Dates and times that are none.
    private var leftOut: Set<Tag> = []

    /// - Returns: nil for a date or time that is left out. Sequences keep what they hold.
    mutating func taken(_ element: DataElement, from charset: CharacterSet) -> DataElement? {
        if let items = element.items {
            let transcoded = items.map { item in
                let own = item[.specificCharacterSet].map { CharacterSet($0) } ?? charset
                let elements = item.elements.filter { $0.tag != .specificCharacterSet }
                return DataSet(elements.compactMap { taken($0, from: own) })
            }
            return DataElement(element.tag, element.vr, .items(transcoded))
        }
        guard element.vr.isText, let bytes = element.bytes else { return element }
        var text = element.plainText
        if element.vr.dependsOnCharacterSet {
            let decoded = charset.decoded(bytes)
            if !decoded.isCertain { undecoded.insert(element.tag) }
            text = String(decoded.text.reversed().drop { $0 == " " || $0 == "\0" }.reversed())
        }
        if !isValue(text, of: element.vr) {
            guard element.vr != .DA, element.vr != .TM else {
                leftOut.insert(element.tag)
                return nil
            }
            // What was guessed says nothing of the value that was meant.
            if !undecoded.contains(element.tag) { misfits.insert(element.tag) }
        }
        return DataElement(element.tag, element.vr, text: text)
    }

    /// In words without values.
    var warnings: [ResultWarning] {
        func warning(_ code: String, _ tags: Set<Tag>, _ words: String) -> [ResultWarning] {
            let names = tags.sorted().map(\.description).joined(separator: ", ")
            return tags.isEmpty ? [] : [ResultWarning(code: code, message: "\(names) of the images: \(words)")]
        }
        return warning(
            "text-not-decodable", undecoded,
            "the bytes are not text of the character set that the header states (0008,0005); DICOM results may spell it "
                + "otherwise than it was meant")
            + warning(
                "value-not-valid", misfits,
                "not as the value representation has it (PS3.5 6.2); DICOM results hold it as it is, and an archive may "
                    + "refuse them")
            + warning(
                "value-not-valid", leftOut, "no date or time (PS3.5 6.2), and left out of the DICOM results")
    }
}

/// What a user should know of results that were made; never with patient data.
public struct ResultWarning: Sendable, Hashable {
    public let code: String
    public let message: String
}
