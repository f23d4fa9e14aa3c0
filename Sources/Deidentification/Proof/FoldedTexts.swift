/// A set of texts without regard to the case of ASCII letters, each known by its place in the order in which they came.
///
/// All lie in one stretch of memory: a file holds a hundred values in two spellings each, and as many allocations would take
/// longer than the search for them.
struct FoldedTexts: Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var chains = HashChains()

    /// Enters a text, unless it is there.
    mutating func insert(_ text: UnsafeBufferPointer<UInt8>) -> (place: Int, isNew: Bool) {
        let start = bytes.count
        bytes.append(contentsOf: text)
        return enter(from: start)
    }

    /// Enters the UTF-16 of ASCII, little endian and without its last zero: in big endian it is the same bytes, one place on.
    mutating func insert(widened text: UnsafeBufferPointer<UInt8>) -> (place: Int, isNew: Bool) {
        let start = bytes.count
        for byte in text {
            bytes.append(byte)
            bytes.append(0)
        }
        bytes.removeLast()
        return enter(from: start)
    }

    func contains(_ text: some Collection<UInt8>) -> Bool { place(of: text) != nil }

    func place(of text: some Collection<UInt8>) -> Int? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count) { buffer in
            for (index, byte) in text.enumerated() { buffer[index] = Self.folded(byte) }
            let folded = UnsafeBufferPointer(buffer)
            return chains.first(Self.hash(folded)) { bytes[range($0)].elementsEqual(folded) }
        }
    }

    /// The folded bytes of a text.
    subscript(place: Int) -> ArraySlice<UInt8> { bytes[range(place)] }

    /// Whether a text stands, in whatever case, at a place of a buffer that has room for it.
    func isEqual(_ place: Int, to buffer: UnsafeBufferPointer<UInt8>, at offset: Int) -> Bool {
        let range = range(place)
        return bytes.withUnsafeBufferPointer { bytes in
            (0..<range.count).allSatisfy { Self.folded(buffer[offset + $0]) == bytes[range.lowerBound + $0] }
        }
    }

    private func range(_ place: Int) -> Range<Int> { (place == 0 ? 0 : ends[place - 1])..<ends[place] }

    private mutating func enter(from start: Int) -> (place: Int, isNew: Bool) {
        let ends = ends
        let (hash, known) = bytes.withUnsafeMutableBufferPointer { bytes in
            for index in start..<bytes.count { bytes[index] = Self.folded(bytes[index]) }
            let text = UnsafeBufferPointer(rebasing: bytes[start...])
            let hash = Self.hash(text)
            let known = chains.first(hash) { place in
                let first = place == 0 ? 0 : ends[place - 1]
                return bytes[first..<ends[place]].elementsEqual(text)
            }
            return (hash, known)
        }
        if let known {
            bytes.removeSubrange(start...)
            return (known, false)
        }
        self.ends.append(bytes.count)
        chains.append(hash)
        return (self.ends.count - 1, true)
    }

    /// Seeded at random in each process, for it is a stranger's file that chooses the texts.
    private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(text))
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }

    private static func folded(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}
