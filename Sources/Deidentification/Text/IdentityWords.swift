import CStandards

/// The words by which a file's own header names people, places and numbers: they go from its free text even where
/// they are words of the field ("Hand", "Long").
///
/// Words of three and more letters or digits go wherever they are part of a word, in every spelling of case and
/// accents; shorter ones only as a whole.
public struct IdentityWords: Sendable {
    private var parts: Set<[UInt8]> = []
    private var wholes: Set<[UInt8]> = []
    /// A bit for each hash of the first three bytes of a part: most positions of a text are ruled out by it.
    private var starts = [UInt64](repeating: 0, count: 64)
    private var byStart: [Int: [[UInt8]]] = [:]

    public init() {}

    public var isEmpty: Bool { parts.isEmpty && wholes.isEmpty }

    /// A person's name as PN (PS3.5 6.2), all component groups, or as free text. Titles and degrees of two letters
    /// stay.
    public mutating func add(person: String) {
        for group in person.split(whereSeparator: { $0 == "=" || $0 == "\\" }) {
            for (i, component) in group.split(separator: "^", omittingEmptySubsequences: false).enumerated() {
                for word in Self.words(String(component)) where word.count > (i < 3 ? 1 : 2) { insert(word) }
            }
        }
    }

    /// A Patient ID, Accession Number, serial number, telephone number or anything else that numbers somebody.
    public mutating func add(identifier: String) {
        for word in Self.words(identifier) {
            insert(word)
            for digits in word.split(whereSeparator: { $0 >= 0x61 }) where digits.count > 2 && digits.count < word.count
            {
                insert(Array(digits))
            }
        }
        let whole = Self.words(identifier).flatMap { $0 }
        if whole.count > 4 { insert(whole) }
    }

    /// An institution, department, station or address. Articles and words such as "CT" are nobody's.
    public mutating func add(place: String) {
        for word in Self.words(place) where word.count > 1 {
            let kind = Vocabulary.look(up: word).kind
            if word.count > 3 || kind != .plain && kind != .particle { insert(word) }
        }
    }

    /// A date or date-time that starts with year, month and day in digits: its spellings in digits without signs
    /// between. With signs between them dates go from every text.
    public mutating func add(date: String) {
        let digits = date.utf8.filter { $0 >= 0x30 && $0 <= 0x39 }
        guard digits.count >= 8 else { return }
        let (century, year, month, day) = (digits[0..<2], digits[2..<4], digits[4..<6], digits[6..<8])
        for parts in [
            [century, year, month, day], [day, month, century, year], [month, day, century, year], [year, month, day],
            [day, month, year], [month, day, year],
        ] { insert(parts.flatMap { $0 }) }
    }

    private mutating func insert(_ word: [UInt8]) {
        guard word.count > 2 else {
            wholes.insert(word)
            return
        }
        guard parts.insert(word).inserted else { return }
        let hash = Self.hash(word[0], word[1], word[2])
        starts[hash >> 6] |= 1 << UInt64(hash & 63)
        byStart[hash, default: []].append(word)
    }

    private static func hash(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> Int {
        Int(a & 15) << 8 | Int(b & 15) << 4 | Int(c & 15)
    }

    /// Runs of letters and digits, small and without accents; words with umlauts also in the spelling with an e.
    static func words(_ text: String) -> [[UInt8]] {
        let umlauts: [Character: String] = ["ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"]
        let spelled = text.lowercased().map { umlauts[$0] ?? String($0) }.joined()
        var found: [[UInt8]] = []
        for spelling in spelled == text.lowercased() ? [text] : [text, spelled] {
            let cut = TokenizedText(spelling)
            for token in cut.tokens where token.shape != .foreign {
                found += cut.folded[token.folded].split { $0 < 0x30 || $0 == 0x3A }.map(Array.init)
            }
        }
        return found
    }

    /// Whether a token names somebody.
    func isPart(of word: ArraySlice<UInt8>) -> Bool {
        if !wholes.isEmpty {
            for piece in word.split(whereSeparator: { $0 == 0x2E || $0 == 0x3A }) {
                if wholes.contains(Array(piece)) { return true }
                for run in Self.runs(piece) where run.count > 1 && wholes.contains(Array(run)) { return true }
            }
        }
        guard !parts.isEmpty, word.count > 2 else { return false }
        for i in word.startIndex..<word.endIndex - 2 {
            let hash = Self.hash(word[i], word[i + 1], word[i + 2])
            guard starts[hash >> 6] >> UInt64(hash & 63) & 1 == 1, let candidates = byStart[hash] else { continue }
            for part in candidates where word[i...].starts(with: part) { return true }
        }
        return false
    }

    /// Letters apart from digits, so that "Li" is found in "Li3".
    private static func runs(_ word: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        guard let cut = word.indices.dropFirst().first(where: { (word[$0] < 0x61) != (word[$0 - 1] < 0x61) }) else {
            return []
        }
        return [word[..<cut]] + (runs(word[cut...]).isEmpty ? [word[cut...]] : runs(word[cut...]))
    }
}

extension TokenizedText {
    mutating func remove(_ identities: IdentityWords) {
        guard !identities.isEmpty else { return }
        for i in tokens.indices where identities.isPart(of: text(i)) { remove(i) }
    }
}
