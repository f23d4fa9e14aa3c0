import CStandards

/// The ways in which people, and scanners that know only ASCII, write a name otherwise than its owner.
enum NameSpellings {
    /// Of a word, all but itself. ASCII is compared without regard to case.
    ///
    /// A spelling that means something to the field is left out: "mode" for "Möde".
    static func others(of word: UnsafeBufferPointer<UInt8>) -> [String] {
        if word.allSatisfy({ $0 < 0x80 }) { return unmarked(word) }
        let original = String(decoding: word, as: UTF8.self)
        let text = BareSpelling.composed(original)
        var spellings: [String] = text.utf8.elementsEqual(original.utf8) ? [] : [text]
        let others = marked(text) + [BareSpelling.of(text)]
        for (place, spelling) in others.enumerated() where spelling != text && !spellings.contains(spelling) {
            if place < 3 || !isVocabulary(spelling) { spellings.append(spelling) }
        }
        return spellings
    }

    /// Small, in capitals, with ss for ß, without marks, and with ae, oe and ue for umlauts.
    private static func marked(_ text: String) -> [String] {
        let (small, capital) = (text.lowercased(), text.uppercased())
        return [small, capital, capital.lowercased(), folded(text), folded(text, hasDigraphs: true)]
    }

    /// Of a word in ASCII, where its ae, oe and ue may be umlauts, and its ss an ß.
    private static func unmarked(_ word: UnsafeBufferPointer<UInt8>) -> [String] {
        guard word.count > 4, hasDigraph(word) else { return [] }
        var (text, before, hasSharpS) = ("", UInt8(0), false)
        for byte in word {
            let letter = byte | 0x20
            // "Bauer" and "Querin" have none.
            let beforeThat = text.unicodeScalars.dropLast().last.map { UInt8(truncatingIfNeeded: $0.value) } ?? 0
            if letter == UInt8(ascii: "e"), let umlaut = umlauts[before], !"aeiouq".utf8.contains(beforeThat) {
                text.removeLast()
                text.append(umlaut)
            } else {
                text.unicodeScalars.append(Unicode.Scalar(letter))
            }
            if letter == UInt8(ascii: "s"), before == letter { hasSharpS = true }
            before = letter
        }
        var spellings: [String] = []
        if text.utf8.contains(where: { $0 >= 0x80 }) {
            spellings = [text, text.uppercased()]
            let plain = folded(text)
            if !isVocabulary(plain) { spellings.append(plain) }
        }
        if hasSharpS {
            spellings.append(text.split(separator: "ss", omittingEmptySubsequences: false).joined(separator: "ß"))
        }
        return spellings
    }

    private static func hasDigraph(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        zip(word, word.dropFirst()).contains { first, second in
            let (first, second) = (first | 0x20, second | 0x20)
            return second == UInt8(ascii: "e") && umlauts[first] != nil
                || second == UInt8(ascii: "s") && first == second
        }
    }

    /// Names in one piece, in the orders in which they are written: family name first, or last.
    ///
    /// A long name is found wherever it stands, with whatever is beside it, and needs none of this.
    static func joined(_ names: [String]) -> [String] {
        guard names.count > 1 else { return [] }
        guard names.contains(where: { $0.utf8.contains { $0 >= 0x80 } }) else { return ordered(names) }
        let spelled = names.map(marked)
        return spelled[0].indices.flatMap { place in ordered(spelled.map { $0[place] }) }
    }

    private static func ordered(_ names: [String]) -> [String] {
        var orders = [[names[0], names[1]], [names[1], names[0]]]
        if names.count > 2 { orders += [Array(names[..<3]), [names[1], names[2], names[0]]] }
        return orders.filter { !$0.contains { $0.utf8.count >= Needle.shortestPart } }.map { $0.joined() }
            .filter { !isVocabulary($0) }
    }

    /// Whether a word means something to the field: "Ma^Sk" is no reason to take "mask" for a name.
    static func isVocabulary(_ word: String) -> Bool { kind(of: word).isWord }

    static func kind(of word: String) -> WordKind { Vocabulary.look(up: Array(folded(word.lowercased()).utf8)).kind }

    /// Latin letters without marks, others as they are.
    static func folded(_ text: String, hasDigraphs: Bool = false) -> String {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars where !(0x300...0x36F).contains(scalar.value) {
            if hasDigraphs, let letters = digraph(scalar) {
                result += letters
                continue
            }
            var letters: (CChar, CChar) = (0, 0)
            let count = withUnsafeMutableBytes(of: &letters) {
                standard_fold(scalar.value, $0.assumingMemoryBound(to: CChar.self).baseAddress)
            }
            if count == 0 { result.unicodeScalars.append(scalar) }
            if count > 0 { result.unicodeScalars.append(Unicode.Scalar(UInt8(letters.0))) }
            if count > 1 { result.unicodeScalars.append(Unicode.Scalar(UInt8(letters.1))) }
        }
        return result
    }

    private static func digraph(_ scalar: Unicode.Scalar) -> String? {
        switch scalar {
        case "ä", "Ä": "ae"
        case "ö", "Ö", "ø", "Ø": "oe"
        case "ü", "Ü": "ue"
        case "å", "Å": "aa"
        default: nil
        }
    }

    private static let umlauts: [UInt8: Character] = [
        UInt8(ascii: "a"): "ä", UInt8(ascii: "o"): "ö", UInt8(ascii: "u"): "ü",
    ]
}
