/// Places of a list by hash. Those that share a bucket are chained, so that an entry needs no memory of its own.
struct HashChains: Sendable {
    /// The last place of each bucket; -1 where there is none.
    private var heads = [Int32](repeating: -1, count: 64)
    /// The place before, in the same bucket.
    private var before: [Int32] = []
    /// Of each place; nil: it is not to be found.
    private var hashes: [UInt32?] = []

    /// Enters the next place of the list.
    mutating func append(_ hash: UInt32?) {
        if hashes.count == heads.count { grow() }
        hashes.append(hash)
        before.append(-1)
        link(hashes.count - 1)
    }

    /// Calls for each place with this hash, from the last back, until the answer is true; and says at which it was.
    func first(_ hash: UInt32, where test: (Int) -> Bool) -> Int? {
        var place = Int(heads[bucket(hash)])
        while place >= 0 {
            if hashes[place] == hash, test(place) { return place }
            place = Int(before[place])
        }
        return nil
    }

    private func bucket(_ hash: UInt32) -> Int { Int(hash) & (heads.count - 1) }

    private mutating func link(_ place: Int) {
        guard let hash = hashes[place] else { return }
        before[place] = heads[bucket(hash)]
        heads[bucket(hash)] = Int32(place)
    }

    private mutating func grow() {
        heads = .init(repeating: -1, count: 2 * heads.count)
        for place in hashes.indices { link(place) }
    }
}
