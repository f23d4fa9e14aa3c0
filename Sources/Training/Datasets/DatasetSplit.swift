import Networks

/// What must stay together when a data set is split.
public enum SplitUnit: String, Sendable, CaseIterable {
    case patient, site, image
}

extension LabelledDataset {
    /// The same images with new parts: whole patients (or sites) go to one part, drawn with a seed, the same on every machine
    /// and for any order of the images.
    ///
    /// Groups are taken in the order of a hash of seed and name; each goes to the part that lacks most of its share.
    /// - Parameters:
    ///   - shares: of each part, above 0; they are scaled to add up to 1.
    ///   - together: further images (by number) that must share a part, such as near duplicates.
    /// - Throws: `TrainingError.dataset` when an image has no patient or site to go by, or there are fewer groups than parts.
    public func split(
        _ shares: [(name: String, share: Double)], by unit: SplitUnit, seed: UInt64, together: [(Int, Int)] = []
    ) throws(TrainingError) -> LabelledDataset {
        precondition(!shares.isEmpty && shares.allSatisfy { $0.share > 0 }, "a part needs a share above 0")
        var groups = DisjointSets(count: images.count)
        var first: [String: Int] = [:]
        for (number, image) in images.enumerated() {
            let name: String? =
                switch unit {
                case .patient: image.patient
                case .site: image.site
                case .image: image.name
                }
            guard let name else {
                throw .dataset(
                    path: path,
                    reason:
                        "an image has no \(unit.rawValue) to split by; split by \(unit == .patient ? "site or image" : "patient or image") instead"
                )
            }
            if let other = first[name] { groups.join(other, number) } else { first[name] = number }
        }
        for (a, b) in together { groups.join(a, b) }
        let members = Dictionary(grouping: images.indices) { groups.root($0) }.values
        guard members.count >= shares.count else {
            throw .dataset(path: path, reason: "has \(members.count) groups, fewer than the \(shares.count) parts")
        }
        let ordered = members.map { group in (group: group, key: group.map { seededHash(images[$0].name, seed) }.min()!)
        }
        .sorted { ($0.key, $0.group.count) < ($1.key, $1.group.count) }
        let total = shares.reduce(0) { $0 + $1.share }
        var counts = [Int](repeating: 0, count: shares.count)
        var result = self
        for (group, _) in ordered {
            let part = shares.indices.max { a, b in
                let lack = { Double(images.count) * shares[$0].share / total - Double(counts[$0]) }
                return (lack(a), b) < (lack(b), a)
            }!
            counts[part] += group.count
            for number in group { result.images[number].split = shares[part].name }
        }
        return result
    }
}

/// FNV-1a over the seed and the name, mixed once more: the same everywhere, unlike Swift's own hashes.
package func seededHash(_ name: String, _ seed: UInt64) -> UInt64 {
    var state: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in withUnsafeBytes(of: seed.littleEndian, Array.init) + Array(name.utf8) {
        state = (state ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    var numbers = SplitMix64(state: state)
    return numbers.next()
}

/// Sets of numbers that can be joined (union-find).
struct DisjointSets {
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    mutating func root(_ number: Int) -> Int {
        var number = number
        while parents[number] != number {
            parents[number] = parents[parents[number]]
            number = parents[number]
        }
        return number
    }

    mutating func join(_ a: Int, _ b: Int) {
        let (a, b) = (root(a), root(b))
        parents[max(a, b)] = min(a, b)
    }
}
