import CKernels
import DataSets

/// An original value that must not be found in an output.
struct Needle: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// Names, numbers, dates and UIDs that tell who, where or when: nowhere.
        case identity
        /// A description that was removed. The same words may stand where the profile keeps them: "HEAD" as a body part.
        case description
    }

    /// As it stood in the file, or in another spelling.
    var bytes: [UInt8]
    var kind: Kind
    /// Where it stood.
    var origin: Tag
    /// Only as a word of its own: shorter texts are parts of others by chance.
    var isWord: Bool

    /// Shorter ones are compared with whole values only.
    static let shortest = 4

    init(_ bytes: [UInt8], _ kind: Kind, from origin: Tag) {
        (self.bytes, self.kind, self.origin) = (bytes, kind, origin)
        // UIDs and numbers continue each other: 1.2.3 is the beginning of 1.2.34.
        let isNumeric = bytes.allSatisfy { $0 == 0x2E || (0x30...0x39).contains($0) }
        isWord = bytes.count < (isNumeric ? 14 : 7)
    }
}

/// Needles to look for in bytes, all at once.
struct NeedleSet: Sendable {
    struct Hit: Sendable, Hashable {
        /// Byte of what was searched.
        var offset: Int
        var needle: Needle
    }

    private var needles: [Needle] = []
    /// Places in `needles` by the hash of their anchor, and the anchor's place in the needle.
    private var anchors: [UInt32: [(needle: Int, offset: Int)]] = [:]
    private var filter = [UInt8](repeating: 0, count: Int(NEEDLE_FILTER_BYTES))
    /// Too short, or without an anchor, to be searched for in bytes.
    private(set) var words: Set<ByteText> = []
    /// Folded needles, and their places in `needles` or -1.
    private var known: [ByteText: Int] = [:]

    /// Those that are searched for in bytes.
    var all: [Needle] { needles }
    var isEmpty: Bool { needles.isEmpty }
    var count: Int { needles.count }
    /// Length of the longest: what chunks must overlap by.
    private(set) var longest = 0

    /// Adds a needle once, an identity rather than a description.
    mutating func insert(_ needle: Needle) {
        guard !needle.bytes.isEmpty else { return }
        let folded = ByteText(folding: needle.bytes)
        if let index = known[folded] {
            if needle.kind == .identity, index >= 0 { needles[index].kind = .identity }
            return
        }
        guard let place = Self.anchor(of: needle.bytes) else {
            known[folded] = -1
            if needle.kind == .identity { words.insert(folded) }
            return
        }
        known[folded] = needles.count
        needles.append(needle)
        longest = max(longest, needle.bytes.count)
        let hash = needle.bytes.withUnsafeBufferPointer { hk_needle_hash($0.baseAddress! + place) }
        anchors[hash, default: []].append((needles.count - 1, place))
        filter[Int(hash >> 3)] |= 1 << UInt8(hash & 7)
    }

    private static func anchor(of bytes: [UInt8]) -> Int? {
        guard bytes.count >= Needle.shortest, bytes.contains(where: { $0 != bytes[0] }) else { return nil }
        return bytes.withUnsafeBufferPointer { buffer in
            (0...bytes.count - 4).first { hk_needle_is_anchor(buffer.baseAddress! + $0) != 0 }
        }
    }

    /// All places of a buffer where a needle stands.
    func hits(in buffer: UnsafeRawBufferPointer) -> [Hit] {
        guard !needles.isEmpty, buffer.count >= Needle.shortest else { return [] }
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
        for (index, offset) in anchors[hk_needle_hash(bytes.baseAddress! + place)] ?? [] {
            let needle = needles[index]
            let start = place - offset
            let end = start + needle.bytes.count
            guard start >= 0, end <= bytes.count else { continue }
            let isEqual = (0..<needle.bytes.count).allSatisfy { index in
                ByteText.folded(bytes[start + index]) == ByteText.folded(needle.bytes[index])
            }
            guard isEqual else { continue }
            if needle.isWord {
                if start > 0, Self.continues(needle.bytes[0], bytes[start - 1]) { continue }
                if end < bytes.count, Self.continues(needle.bytes[needle.bytes.count - 1], bytes[end]) { continue }
            }
            hits.append(Hit(offset: start, needle: needle))
        }
    }

    /// Whether a byte beside one of a text makes both parts of one word or number.
    private static func continues(_ own: UInt8, _ other: UInt8) -> Bool {
        let isAlphanumeric = { (byte: UInt8) in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) || byte >= 0x80
        }
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        return isAlphanumeric(other) || isDigit(own) && other == 0x2E
    }
}

/// Bytes of a text without regard to the case of ASCII letters, as a key.
struct ByteText: Sendable, Hashable {
    private let bytes: [UInt8]

    init(folding bytes: some Sequence<UInt8>) { self.bytes = bytes.map(Self.folded) }

    /// Array's own hashing goes byte by byte.
    func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }

    static func folded(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}
