import DataSets

/// Searches bytes that come piece by piece for original values.
public struct ByteScan: Sendable {
    /// Where a value may stand, because a rule put it there or because it is there by chance.
    public enum Allowance: Sendable {
        /// Numbers from a place on, a header before it; in numbers short texts occur by chance.
        case binary(from: Int)
        /// Characters. The ranges, in order, are of numbers and moved dates, which may meet others by chance.
        case text([Range<Int>])
    }

    private static let context = UnsafeBufferPointer<UInt8>.wordContext
    private let needles: NeedleSet
    private let allowance: Allowance
    /// The end of what was searched, because a value may begin in it.
    private var kept: [UInt8] = []
    /// Place of the next byte.
    private var offset = 0
    private var leaks: Set<String> = []

    init(_ needles: NeedleSet, _ allowance: Allowance) { (self.needles, self.allowance) = (needles, allowance) }

    public init(_ values: OriginalValues, _ allowance: Allowance) {
        (needles, self.allowance) = (values.needles, allowance)
    }

    /// Bytes that follow those of the last call.
    public mutating func search(_ buffer: UnsafeRawBufferPointer) {
        guard !needles.isEmpty, !buffer.isEmpty else { return }
        let joined = kept + buffer
        look(in: joined, isLast: false)
        offset += buffer.count
        kept = Array(joined.suffix(needles.longest + 2 * Self.context))
    }

    /// - Throws: `Refusal` with code `leak`, and the attributes concerned.
    public mutating func finish() throws(Refusal) {
        look(in: kept, isLast: true)
        guard leaks.isEmpty else {
            throw Refusal(
                .leak, "original values of \(leaks.sorted().joined(separator: ", ")) were found in the output")
        }
    }

    private mutating func look(in joined: [UInt8], isLast: Bool) {
        let base = offset - kept.count
        for hit in joined.withUnsafeBytes({ needles.hits(in: $0) }) {
            let end = hit.offset + hit.needle.count
            // What is near an edge is judged when all that tells whether it is a word is there.
            if hit.offset < Self.context && base > 0 || end + Self.context > joined.count && !isLast { continue }
            guard !allows(hit.needle, base + hit.offset..<base + end) else { continue }
            leaks.insert(hit.needle.origin == Tag(0) ? "a text or name" : hit.needle.origin.description)
        }
    }

    private func allows(_ needle: Needle, _ range: Range<Int>) -> Bool {
        switch allowance {
        case .binary(let start):
            // By chance: four given bytes in a header once in ten million files, eight in a terabyte once in ten million.
            return needle.count < (range.lowerBound < start ? 5 : 8)
        case .text(let free):
            if needle.kind == .description { return true }
            var (low, high) = (0, free.count)
            while low < high {
                let middle = (low + high) / 2
                if free[middle].upperBound <= range.lowerBound { low = middle + 1 } else { high = middle }
            }
            return low < free.count && free[low].lowerBound <= range.lowerBound
                && range.upperBound <= free[low].upperBound
        }
    }
}
