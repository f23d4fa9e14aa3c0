/// Bytes of a file to be: some in memory, some to be copied from the source on the way.
public struct EncodedDataSet: Sendable {
    /// A part of the source that belongs at a place of `bytes`.
    public struct Insertion: Sendable {
        public var place: Int
        public var range: ByteRange
    }

    /// Where a value that is no sequence lies in the whole.
    public struct Span: Sendable {
        public var range: ByteRange
        public var tag: Tag
        public var vr: ValueRepresentation
        /// Whether the value is as it was in the source.
        public var isOriginal: Bool
    }

    public internal(set) var bytes: [UInt8] = []
    public internal(set) var insertions: [Insertion] = []
    /// In the order of the bytes. A deflated data set is one span of bytes.
    public internal(set) var spans: [Span] = []
    /// Where the values of a deflated data set lie in what it inflates to; nil for others.
    public internal(set) var inflatedSpans: [Span]?

    /// Length of the whole.
    public var count: Int { bytes.count + insertions.reduce(0) { $0 + $1.range.count } }
}

/// Writes data sets, the inverse of `DataSetParser`: tags ascend, sequences and items have lengths, group lengths of
/// other groups than 0002 (retired) are left out.
struct DataSetWriter {
    private let encoding: Encoding
    private(set) var output = EncodedDataSet()
    private var inserted = 0

    init(encoding: Encoding) {
        self.encoding = encoding
        output.bytes.reserveCapacity(8192)
    }

    mutating func write(_ dataSet: DataSet) {
        for element in dataSet.elements where !element.tag.isGroupLength { write(element) }
    }

    /// What another writer wrote, without stored values.
    mutating func append(_ other: DataSetWriter) {
        let start = output.bytes.count + inserted
        output.spans += other.output.spans.map { span in
            var moved = span
            moved.range.offset += start
            return moved
        }
        append(other.output.bytes)
    }

    /// What another writer wrote, packed.
    mutating func append(deflated bytes: [UInt8], _ other: DataSetWriter) {
        let range = ByteRange(offset: output.bytes.count + inserted, count: bytes.count)
        output.spans.append(.init(range: range, tag: Tag(0), vr: .OB, isOriginal: false))
        output.inflatedSpans = other.output.spans
        append(bytes)
    }

    mutating func append(_ bytes: some Sequence<UInt8>) { output.bytes.append(contentsOf: bytes) }

    private mutating func write(_ element: DataElement) {
        append16(element.tag.group)
        append16(element.tag.element)
        let length = element.length ?? 0
        var (hasLongLength, vr) = (true, element.vr)
        if encoding.isExplicit {
            // A value that the short form has no room for is UN (PS3.5 6.2.2).
            if !vr.hasLongLength, length + length % 2 > 0xFFFF { vr = .UN }
            append([UInt8(vr.letters & 0xFF), UInt8(vr.letters >> 8)])
            hasLongLength = vr.hasLongLength
            if hasLongLength { append16(0) }
        }
        let start = output.bytes.count + inserted
        switch element.value {
        case .bytes(let bytes):
            let padded = bytes.count + bytes.count % 2
            hasLongLength ? append32(padded) : append16(UInt16(padded))
            append(bytes)
            if bytes.count % 2 == 1 { output.bytes.append(element.vr.padding) }
        case .stored(let range):
            append32(range.count + range.count % 2)
            insert(range)
            if range.count % 2 == 1 { output.bytes.append(0) }
        case .items(let items):
            let place = beginLength()
            for item in items {
                append16(Tag.item.group)
                append16(Tag.item.element)
                let itemPlace = beginLength()
                write(item)
                endLength(itemPlace)
            }
            endLength(place)
        case .fragments(let fragments):
            appendUndefinedLength()
            for fragment in fragments {
                append16(Tag.item.group)
                append16(Tag.item.element)
                append32(fragment.count + fragment.count % 2)
                insert(fragment)
                if fragment.count % 2 == 1 { output.bytes.append(0) }
            }
            append16(Tag.sequenceEnd.group)
            append16(Tag.sequenceEnd.element)
            append32(0)
        }
        guard element.items == nil else { return }
        let range = ByteRange(offset: start, count: output.bytes.count + inserted - start)
        output.spans.append(.init(range: range, tag: element.tag, vr: vr, isOriginal: element.isOriginal))
    }

    private mutating func insert(_ range: ByteRange) {
        guard range.count > 0 else { return }
        output.insertions.append(.init(place: output.bytes.count, range: range))
        inserted += range.count
    }

    private mutating func beginLength() -> (place: Int, start: Int) {
        append32(0)
        return (output.bytes.count - 4, output.bytes.count + inserted)
    }

    private mutating func endLength(_ mark: (place: Int, start: Int)) {
        let length = UInt32(truncatingIfNeeded: output.bytes.count + inserted - mark.start)
        for index in 0..<4 {
            let shift = UInt32(encoding.isBigEndian ? 24 - 8 * index : 8 * index)
            output.bytes[mark.place + index] = UInt8(truncatingIfNeeded: length >> shift)
        }
    }

    private mutating func append16(_ value: UInt16) {
        let (low, high) = (UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8))
        output.bytes.append(encoding.isBigEndian ? high : low)
        output.bytes.append(encoding.isBigEndian ? low : high)
    }

    private mutating func append32(_ value: Int) {
        let (low, high) = (UInt16(truncatingIfNeeded: value), UInt16(truncatingIfNeeded: value >> 16))
        append16(encoding.isBigEndian ? high : low)
        append16(encoding.isBigEndian ? low : high)
    }

    private mutating func appendUndefinedLength() { append32(0xFFFF_FFFF) }
}
