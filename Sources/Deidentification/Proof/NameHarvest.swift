import DataSets

/// Names of persons, in the forms in which they come back in outputs.
extension Harvest {
    /// Names are noted whole, in words, each of which identifies alone, and with nothing between the words.
    mutating func noteName(_ name: Bytes, _ tag: Tag) {
        insert(name, .identity, tag)
        for group in name.split(separator: UInt8(ascii: "=")) {
            let components = group.split(separator: UInt8(ascii: "^"), omittingEmptySubsequences: false)
                .map { Bytes(rebasing: $0).words }
            for (place, words) in components.enumerated() {
                for word in words where Self.isName(word, ofSeveral: words.count > 1, isTitle: place > 2) {
                    noteWord(word, tag)
                }
            }
            let names = components.prefix(3).filter { !$0.isEmpty }.map { words in
                words.map { String(decoding: $0, as: UTF8.self) }
            }
            for words in names where words.count > 1 {
                let whole = words.joined()
                if !NameSpellings.isVocabulary(whole) { insert(whole, .identity, tag) }
            }
            // "Roy Lee" in one component is no family name.
            for spelling in NameSpellings.joined(names.count == 1 ? names[0] : names.map { $0.joined() }) {
                note(spelling: spelling, tag)
            }
        }
    }

    /// Notes a name in characters beyond ASCII also in the ways in which others read its bytes: many writers say nothing of
    /// their character set, or another than they use.
    mutating func noteName(read text: String, otherwise bytes: ArraySlice<UInt8>, _ tag: Tag) {
        // Letters of a set that was guessed wrong are signs, and no ends of words. Escapes tell the set.
        guard !bytes.contains(0x1B) else { return }
        note(wholeName: text, tag)
        for part in text.split(whereSeparator: { "^= ".contains($0) }) where part.utf8.count >= Needle.shortest {
            insert(String(part), .identity, tag)
        }
        if var other = String(validating: bytes, as: UTF8.self) {
            guard !other.utf8.elementsEqual(text.utf8) else { return }
            other.withUTF8 { noteName($0, tag) }
        } else if charset == .ascii {
            var other = Self.chinese.decode(bytes)
            other.withUTF8 { noteName($0, tag) }
        }
    }

    private static let chinese = CharacterSet(["GB18030"])

    /// A word of a name, in all its spellings.
    mutating func noteWord(_ word: Bytes, _ tag: Tag) {
        insert(word, .identity, tag)
        if word.contains(where: { $0 >= 0x80 }) { note(spelling: String(decoding: word, as: UTF8.self), tag) }
        for spelling in NameSpellings.others(of: word) { note(spelling: spelling, tag) }
    }

    /// Notes a spelling as an output holds it: in UTF-8, and where no rule transcodes in the file's character set.
    private mutating func note(spelling: String, _ tag: Tag) {
        var spelling = spelling
        spelling.withUTF8 { needles.insert($0, .identity, from: tag) }
        guard spelling.utf8.contains(where: { $0 >= 0x80 }) else { return }
        guard let encoded = charset.encode(spelling), encoded.count >= Needle.shortest else { return }
        encoded.withUnsafeBufferPointer { needles.insert($0, .identity, from: tag) }
    }

    /// Titles of two letters, and what everybody's name may have beside others ("van der", "Jr"), are nobody's name.
    private static func isName(_ word: Bytes, ofSeveral: Bool, isTitle: Bool) -> Bool {
        if isTitle, word.count < 3 { return false }
        guard ofSeveral, word.count < Needle.shortest else { return true }
        return ![.plain, .particle].contains(NameSpellings.kind(of: String(decoding: word, as: UTF8.self)))
    }

    /// A name in the orders in which people write it, and never in part.
    mutating func note(wholeName name: String, _ tag: Tag = .patientName) {
        insert(name, .identity, tag)
        for group in name.split(separator: "=") {
            let parts = group.split(whereSeparator: { "^ ".contains($0) }).map(String.init)
            guard parts.count > 1 else { continue }
            // In all files of all patients a short one is met by chance.
            let joined = [parts[0] + parts[1], parts[1] + parts[0]].filter { $0.utf8.count >= Needle.shortestPart }
            let spaced = [parts.joined(separator: " "), parts[1] + " " + parts[0], parts[0] + ", " + parts[1]]
            for spelling in spaced + joined { insert(spelling, .identity, tag) }
        }
    }
}
