public import DataSets

/// Searches bytes that come piece by piece for original values.
public struct ByteScan: Sendable {
    /// Where a value may stand, because a rule put it there or because it is there by chance.
    public enum Allowance: Sendable {
        /// Numbers from a place on, a header before it; in numbers short texts occur by chance.
        case binary(from: Int)
        /// Characters. The ranges, in order, are of numbers and moved dates, which may meet others by chance.
        case text([Range<Int>])
        /// A DICOM file: each element has its own rule.
        case elements([EncodedDataSet.Span])
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
        if kept.isEmpty {
            look(in: buffer, isLast: false)
            kept = Array(buffer.suffix(needles.longest + 2 * Self.context))
        } else {
            let joined = kept + buffer
            joined.withUnsafeBytes { look(in: $0, isLast: false) }
            kept = Array(joined.suffix(needles.longest + 2 * Self.context))
        }
        offset += buffer.count
    }

    /// - Throws: `Refusal` with code `leak`, and the attributes concerned.
    public mutating func finish() throws(Refusal) {
        kept.withUnsafeBytes { look(in: $0, isLast: true) }
        guard leaks.isEmpty else {
            throw Refusal(
                .leak, "original values of \(leaks.sorted().joined(separator: ", ")) were found in the output")
        }
    }

    private mutating func look(in joined: UnsafeRawBufferPointer, isLast: Bool) {
        let base = offset - kept.count
        for hit in needles.hits(in: joined) {
            let end = hit.offset + hit.needle.count
            // What is near an edge is judged when all that tells whether it is a word is there.
            if hit.offset < Self.context && base > 0 || end + Self.context > joined.count && !isLast { continue }
            guard !allows(hit.needle, joined[hit.range], base + hit.offset..<base + end) else { continue }
            let origin = hit.needle.origin == Tag(0) ? "a text or name" : hit.needle.origin.description
            leaks.insert(origin + place(base + hit.offset))
        }
    }

    /// The element of a DICOM file that a byte belongs to, in words.
    private func place(_ offset: Int) -> String {
        guard case .elements(let spans) = allowance else { return "" }
        return " in \(spans.span(at: offset).map { $0.tag.description } ?? "no element")"
    }

    /// - Parameters:
    ///   - text: the needle as it stands there.
    ///   - range: its place in all bytes.
    private func allows(_ needle: Needle, _ text: some Collection<UInt8>, _ range: Range<Int>) -> Bool {
        switch allowance {
        case .elements(let spans): return Permission.allows(needle, text, in: spans.span(at: range.lowerBound))
        case .binary(let start):
            // By chance: four given bytes in a header once in ten million files.
            return range.lowerBound < start ? needle.count < 5 : needle.mayBeWords
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
