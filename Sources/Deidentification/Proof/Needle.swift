import CKernels
import DataSets

/// What is known of an original value that must not be found in an output.
struct Needle: Sendable, Hashable {
    /// What tells more comes first.
    enum Kind: Int, Sendable, Comparable {
        /// Names, numbers, dates and UIDs that tell who, where or when: nowhere.
        case identity
        /// A date that tells when, in a spelling that numbers have as well: as a word of its own nowhere but in codes of
        /// vocabularies ("121206").
        case date
        /// A description that was removed. The same words may stand where the profile keeps them: "HEAD" as a body part.
        case description

        static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
    }

    var kind: Kind
    /// Where it stood.
    var origin: Tag
    /// Bytes.
    var count: Int
    /// Only as a word of its own: shorter texts are parts of others by chance.
    var isWord: Bool
    /// Of UTF-16.
    var isWide: Bool
    /// Whether it is made of three letters at most, as pixels of even areas are: "Sssssss^Jsssss".
    var isMonotonous: Bool
    /// The place of the four bytes by which it is searched for; nil when it is too short for that, or has none.
    fileprivate var anchor: Int?

    /// Shorter ones are compared with whole words only.
    static let shortest = 4
    /// So long a text is no part of another by chance.
    static let shortestPart = 7

    /// Whether it may stand by chance in bytes, which compression makes as good as random: eight letters of either case do
    /// once in 10^17 places.
    var mayBeBytes: Bool { count < 8 || isMonotonous }

    /// The same in numbers of several bytes. Dark pixels of 16 bits are UTF-16: their high bytes are zero, and their low
    /// bytes lie near each other. Where noise has a standard deviation of ten grey levels, which is little, a pixel is a
    /// given letter once in 25 times, and twelve are once in 10^17 places.
    var mayBeWords: Bool { isWide ? count < 2 * 12 - 1 || isMonotonous : mayBeBytes }
}

/// Needles to look for in bytes, all at once.
struct NeedleSet: Sendable {
    struct Hit: Sendable, Hashable {
        /// Byte of what was searched.
        var offset: Int
        var needle: Needle
        var range: Range<Int> { offset..<offset + needle.count }
    }

    private var texts = FoldedTexts()
    /// By their places in `texts`.
    private var needles: [Needle] = []
    /// By the hash of their anchors.
    private var anchors = HashChains()
    private var filter = [UInt8](repeating: 0, count: Int(NEEDLE_FILTER_BYTES))
    /// Those that are searched for in bytes.
    private(set) var count = 0
    /// Length of the longest of them: what chunks must overlap by.
    private(set) var longest = 0
    /// Whether there are identities that are compared with whole words.
    private(set) var hasWords = false

    var isEmpty: Bool { count == 0 }

    /// Adds a text once, as an identity rather than as a description.
    ///
    /// - Parameter isWide: of UTF-16.
    mutating func insert(
        _ text: UnsafeBufferPointer<UInt8>, _ kind: Needle.Kind, from origin: Tag, isWide: Bool = false
    ) {
        guard let first = text.first else { return }
        // One byte again and again, dots or zeros, stands everywhere; in a name like "Xxxx" the case tells it apart.
        let isUniform = text.allSatisfy { $0 == first }
        note(texts.insert(text), kind, origin, isWide: isWide, isSearched: !isUniform)
    }

    /// Adds the UTF-16 of ASCII.
    mutating func insert(widened text: UnsafeBufferPointer<UInt8>, _ kind: Needle.Kind, from origin: Tag) {
        guard !text.isEmpty else { return }
        note(texts.insert(widened: text), kind, origin, isWide: true, isSearched: true)
    }

    /// Adds all needles of another set.
    mutating func formUnion(_ other: NeedleSet) {
        for (place, needle) in other.needles.enumerated() {
            other.texts[place].withUnsafeBufferPointer { text in
                note(
                    texts.insert(text), needle.kind, needle.origin, isWide: needle.isWide,
                    isSearched: needle.anchor != nil)
            }
        }
    }

    private mutating func note(
        _ entered: (place: Int, isNew: Bool), _ kind: Needle.Kind, _ origin: Tag, isWide: Bool,
        isSearched: Bool
    ) {
        if entered.isNew {
            needles.append(needle(entered.place, kind, origin, isWide, isSearched))
        } else {
            needles[entered.place].kind = min(kind, needles[entered.place].kind)
        }
        let needle = needles[entered.place]
        if needle.anchor == nil, needle.kind == .identity { hasWords = true }
    }

    private mutating func needle(
        _ place: Int, _ kind: Needle.Kind, _ origin: Tag, _ isWide: Bool, _ isSearched: Bool
    ) -> Needle {
        let (needle, hash) = texts[place].withUnsafeBufferPointer { text -> (Needle, UInt32?) in
            // UIDs and numbers continue each other: 1.2.3 is the beginning of 1.2.34.
            let isNumeric = text.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
            let anchor = isSearched ? Self.anchor(of: text) : nil
            return (
                Needle(
                    kind: kind, origin: origin, count: text.count,
                    isWord: kind == .date || text.count < (isNumeric ? 14 : Needle.shortestPart),
                    isWide: isWide, isMonotonous: Self.isMonotonous(text), anchor: anchor),
                anchor.map { hk_needle_hash(text.baseAddress! + $0) }
            )
        }
        anchors.append(hash)
        if let hash {
            filter[Int(hash >> 3)] |= 1 << UInt8(hash & 7)
            count += 1
            longest = max(longest, needle.count)
        }
        return needle
    }

    /// Of letters of either case, and without the zeros of UTF-16.
    private static func isMonotonous(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var (first, second, third) = (0 as UInt8, 0 as UInt8, 0 as UInt8)
        for byte in text {
            let byte = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            if byte == 0 || byte == first || byte == second || byte == third { continue }
            if third != 0 { return false }
            (first, second, third) = (byte, first, second)
        }
        return true
    }

    private static func anchor(of text: UnsafeBufferPointer<UInt8>) -> Int? {
        guard text.count >= Needle.shortest else { return nil }
        return (0...text.count - 4).first { hk_needle_is_anchor(text.baseAddress! + $0) != 0 }
    }

    /// The needle that is a text as a whole.
    func needle(of text: some Collection<UInt8>) -> Needle? { texts.place(of: text).map { needles[$0] } }

    /// Whether a word is an identity that is too short to be searched for in bytes.
    func hasWord(_ word: some Collection<UInt8>) -> Bool {
        guard hasWords, let place = texts.place(of: word) else { return false }
        return needles[place].anchor == nil && needles[place].kind == .identity
    }

    /// All places of a buffer where a needle stands.
    func hits(in buffer: UnsafeRawBufferPointer) -> [Hit] {
        guard !isEmpty, buffer.count >= Needle.shortest else { return [] }
        let bytes = buffer.bindMemory(to: UInt8.self)
        var hits: [Hit] = []
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { places in
            var start = 0
            while start < bytes.count {
                let found = hk_find_needles(
                    bytes.baseAddress, bytes.count, start, filter, places.baseAddress, places.count, &start)
                for place in places[..<found] { collect(place, bytes, &hits) }
            }
        }
        return hits
    }

    private func collect(_ place: Int, _ bytes: UnsafeBufferPointer<UInt8>, _ hits: inout [Hit]) {
        _ = anchors.first(hk_needle_hash(bytes.baseAddress! + place)) { index in
            let needle = needles[index]
            let start = place - (needle.anchor ?? 0)
            let end = start + needle.count
            guard start >= 0, end <= bytes.count, texts.isEqual(index, to: bytes, at: start) else { return false }
            if !needle.isWord || bytes.isWord(start..<end) { hits.append(Hit(offset: start, needle: needle)) }
            return false
        }
    }
}

extension NeedleSet {
    /// Whether a text spells something that tells who, where or when; short identities count as words of their own.
    ///
    /// Words of the field that somebody is called by count where they stand alone: in codes, in compounds and beside
    /// digits they mean what they say ("EYE", "T2_HIP", "80mA").
    ///
    /// - Parameters:
    ///   - isCode: of VR CS.
    ///   - mayBeDate: whether a number that reads like a date is one.
    func identify(_ text: UnsafeBufferPointer<UInt8>, isCode: Bool = false, mayBeDate: Bool = true) -> Bool {
        if spells(text, isCode, mayBeDate) { return true }
        guard text.contains(where: { $0 >= 0x80 }) else { return false }
        var bare = BareSpelling.of(String(decoding: text, as: UTF8.self))
        return bare.withUTF8 { spells($0, isCode, mayBeDate) }
    }

    private func spells(_ text: UnsafeBufferPointer<UInt8>, _ isCode: Bool, _ mayBeDate: Bool) -> Bool {
        let last = mayBeDate ? Needle.Kind.date : .identity
        if hits(in: UnsafeRawBufferPointer(text)).contains(where: { $0.needle.kind <= last }) { return true }
        if mayBeDate, WrittenDates.contains(in: text, where: { needle(of: $0)?.kind == .identity }) { return true }
        guard hasWords else { return false }
        return text.containsWord { word in
            [word, word.withoutOuterDigits].contains { name in
                guard hasWord(name) else { return false }
                guard isCode || name.count < word.count || text.hasCompound(with: word) else { return true }
                let isWord = NameSpellings.isVocabulary(String(decoding: name, as: UTF8.self))
                return !isWord && !(isCode && name.count == 2)
            }
        }
    }
}
