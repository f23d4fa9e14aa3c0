/// A change to bytes of a source that leaves their number as it is.
public struct SourcePatch: Sendable {
    public enum Change: Sendable {
        /// As many as the range has.
        case bytes([UInt8])
        case fill(UInt8)
        /// Bits to keep, whatever else the range becomes; the pattern repeats from its beginning.
        case mask([UInt8])
    }

    public var range: ByteRange
    public var change: Change
    var offset: Int { range.offset }
    var end: Int { range.end }

    public init(_ range: ByteRange, _ change: Change) { (self.range, self.change) = (range, change) }

    fileprivate var isMask: Bool { if case .mask = change { true } else { false } }

    fileprivate func apply(to chunk: inout ArraySlice<UInt8>, from start: Int) {
        let (from, to) = (max(offset, start), min(end, start + chunk.count))
        guard from < to else { return }
        let shift = chunk.startIndex - start
        switch change {
        case .bytes(let bytes):
            chunk.replaceSubrange(from + shift..<to + shift, with: bytes[from - offset..<to - offset])
        case .fill(let byte):
            for place in from + shift..<to + shift { chunk[place] = byte }
        case .mask(let pattern):
            for place in from..<to { chunk[place + shift] &= pattern[(place - offset) % pattern.count] }
        }
    }
}

/// All changes to a source: bytes that are replaced, and over them the masks. A frame with blackened text is made of the
/// original's bytes, and must lose the bits of an old overlay like any other.
public struct SourcePatches: Sendable {
    /// By offset; they don't overlap but for a byte of padding, so that their ends are in order, too.
    public let replacements: [SourcePatch]
    /// One or none for each element: of any length, over any of the others.
    public let masks: [SourcePatch]

    public init(_ patches: [SourcePatch] = []) {
        replacements = patches.filter { !$0.isMask }.sorted { $0.offset < $1.offset }
        masks = patches.filter(\.isMask)
    }

    /// - Parameter start: where the chunk lies in the source.
    func apply(to chunk: inout ArraySlice<UInt8>, from start: Int) {
        let end = start + chunk.count
        let first = replacements.partitioningIndex { $0.end > start }
        for patch in replacements[first...].prefix(while: { $0.offset < end }) { patch.apply(to: &chunk, from: start) }
        for mask in masks { mask.apply(to: &chunk, from: start) }
    }
}

extension Array {
    /// The first index from which on a condition holds that holds for none before it.
    fileprivate func partitioningIndex(_ condition: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
