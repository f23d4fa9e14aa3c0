/// Pairs of images that look the same and stand in different parts of a data set.
///
/// Two images are near duplicates when at most `distance` of the 64 bits of their hashes differ and their thumbnails
/// correlate by at least `correlation`: the first is fast, the second tells neighbouring slices from copies.
public struct LeakCheck: Sendable {
    public struct Pair: Sendable, Hashable {
        /// Numbers of the images in the data set.
        public var first: Int
        public var second: Int
        public var distance: Int
        public var correlation: Float
    }

    public var distance = 8
    public var correlation: Float = 0.98

    public init() {}

    /// All near duplicates, by falling correlation.
    /// - Parameter hashes: one an image, in the order of the images.
    public func nearDuplicates(_ hashes: [PerceptualHash]) -> [Pair] {
        var pairs: [Pair] = []
        for first in hashes.indices {
            for second in hashes.index(after: first)..<hashes.endIndex {
                let found = hashes[first].distance(hashes[second])
                guard found <= distance else { continue }
                let likeness = hashes[first].correlation(hashes[second])
                guard likeness >= correlation else { continue }
                pairs.append(Pair(first: first, second: second, distance: found, correlation: likeness))
            }
        }
        return pairs.sorted { ($0.correlation, $1.first, $1.second) > ($1.correlation, $0.first, $0.second) }
    }

    /// Patients of whom images stand in several parts.
    public static func sharedPatients(_ images: [LabelledImage]) -> Int {
        let parts = Dictionary(grouping: images.filter { $0.patient != nil }) { $0.patient }
        return parts.values.count { Set($0.map(\.split)).count > 1 }
    }
}
