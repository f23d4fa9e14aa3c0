/// Tells a data set apart, element by element (PS3.5 section 7). Nothing is skipped, repaired or guessed: bytes that do
/// not parse are an error, because whoever changes a file must know what each of them is.
struct DataSetParser {
    private var window: SourceWindow
    private let encoding: Encoding
    private(set) var offset: Int
    private var elementsLeft = ParsingLimits.elements
    /// Of the main data set; decides between US and SS where a file doesn't say.
    private var isSigned = false

    init(_ window: SourceWindow, from offset: Int, encoding: Encoding) {
        (self.window, self.offset, self.encoding) = (window, offset, encoding)
    }

    /// Elements up to one, which may be missing, or the end of the source.
    mutating func parse(through last: Tag) throws(DataSetError) -> DataSet {
        var dataSet = DataSet()
        while offset < window.count {
            let start = offset
            let tag = try readTag()
            offset = start
            guard tag <= last else { break }
            dataSet.elements.append(try parseElement(isExplicit: encoding.isExplicit, depth: 0))
        }
        return dataSet
    }

    /// Elements up to the end of the source.
    ///
    /// - Returns: the data set, and the bytes behind its pixel data that are no elements: garbage that some writers
    ///   leave. Before pixel data such bytes are an error, because a damaged file looks the same.
    mutating func parseAll() throws(DataSetError) -> (DataSet, trailing: Int) {
        var dataSet = DataSet()
        while offset < window.count {
            let start = offset
            if let last = dataSet.elements.last, last.tag >= .pixelData {
                do throws(DataSetError) {
                    let element = try parseElement(isExplicit: encoding.isExplicit, depth: 0)
                    guard element.tag > last.tag else { throw DataSetError(.malformed, at: start, "no element") }
                    dataSet.elements.append(element)
                } catch {
                    return (dataSet, window.count - start)
                }
            } else {
                dataSet.elements.append(try parseElement(isExplicit: encoding.isExplicit, depth: 0))
            }
        }
        try Self.sort(&dataSet, at: offset)
        return (dataSet, 0)
    }

    /// Elements of group 0002, which are explicit little endian in every file.
    mutating func parseMeta() throws(DataSetError) -> DataSet {
        var meta = DataSet()
        while offset + 8 <= window.count, try window.unsigned16(offset, bigEndian: false) == 0x0002 {
            meta.elements.append(try parseElement(isExplicit: true, depth: 0))
        }
        try Self.sort(&meta, at: offset)
        return meta
    }

    /// Tags must ascend (PS3.5 7.1). Writers that don't know are forgiven; two of one tag are not, because readers
    /// differ in which they take.
    private static func sort(_ dataSet: inout DataSet, at offset: Int) throws(DataSetError) {
        let elements = dataSet.elements
        guard zip(elements, elements.dropFirst()).contains(where: { $0.tag >= $1.tag }) else { return }
        dataSet.elements.sort { $0.tag < $1.tag }
        for (first, second) in zip(dataSet.elements, dataSet.elements.dropFirst()) where first.tag == second.tag {
            throw DataSetError(.malformed, at: offset, "\(first.tag) stands twice in one data set")
        }
    }

    private mutating func readTag() throws(DataSetError) -> Tag {
        let tag = Tag(
            try window.unsigned16(offset, bigEndian: encoding.isBigEndian),
            try window.unsigned16(offset + 2, bigEndian: encoding.isBigEndian))
        offset += 4
        return tag
    }

    private mutating func readLength() throws(DataSetError) -> Int? {
        let length = try window.unsigned32(offset, bigEndian: encoding.isBigEndian)
        offset += 4
        return length == .max ? nil : Int(length)
    }

    private mutating func parseElement(isExplicit: Bool, depth: Int) throws(DataSetError) -> DataElement {
        let start = offset
        elementsLeft -= 1
        guard elementsLeft > 0 else { throw DataSetError(.tooLarge, at: start, "too many elements") }
        let tag = try readTag()
        guard tag.group != 0xFFFE, tag.group != 0 else {
            throw DataSetError(.malformed, at: start, "\(tag) where an element must begin")
        }
        let (vr, length) = try readRepresentation(of: tag, isExplicit: isExplicit, at: start)
        return DataElement(read: tag, vr.stated, try parseValue(tag, vr, length, isExplicit, depth, start))
    }

    private struct Representation {
        /// As the file says; the dictionary's where it doesn't.
        var stated: ValueRepresentation
        /// Items are implicit little endian, whatever the data set is (PS3.5 6.2.2, Note 4).
        var isUnknownSequence = false
    }

    private mutating func readRepresentation(
        of tag: Tag, isExplicit: Bool, at start: Int
    ) throws(DataSetError) -> (Representation, length: Int?) {
        guard isExplicit else {
            let length = try readLength()
            let known = DataDictionary.representation(of: tag, isSigned: isSigned)
            return (Representation(stated: known ?? (length == nil ? .SQ : .UN)), length)
        }
        let vr = ValueRepresentation(try window.byte(offset), try window.byte(offset + 1))
        guard vr.isWellFormed else {
            throw DataSetError(.malformed, at: start, "\(tag) has no value representation")
        }
        offset += 2
        guard vr.hasLongLength else {
            let length = try window.unsigned16(offset, bigEndian: encoding.isBigEndian)
            offset += 2
            return (Representation(stated: vr), Int(length))
        }
        offset += 2
        let length = try readLength()
        guard vr == .UN else { return (Representation(stated: vr), length) }
        // Systems that didn't know an element wrote it as UN; those that do must clean it like any other.
        let known = DataDictionary.representation(of: tag, isSigned: isSigned)
        guard length == nil || known == .SQ else { return (Representation(stated: known ?? .UN), length) }
        return (Representation(stated: .SQ, isUnknownSequence: true), length)
    }

    private mutating func parseValue(
        _ tag: Tag, _ vr: Representation, _ length: Int?, _ isExplicit: Bool, _ depth: Int, _ start: Int
    ) throws(DataSetError) -> DataElement.Value {
        if let length, length > window.count - offset {
            throw DataSetError(
                .truncated, at: start, "\(tag) is longer than the rest of the file; copy it again from its source")
        }
        if vr.stated == .SQ {
            guard depth < ParsingLimits.depth else {
                throw DataSetError(.tooLarge, at: start, "sequences are nested deeper than \(ParsingLimits.depth)")
            }
            return .items(try parseItems(length, isExplicit: isExplicit && !vr.isUnknownSequence, depth: depth + 1))
        }
        guard let length else {
            guard tag == .pixelData, depth == 0 || vr.stated.isBulk else {
                throw DataSetError(.malformed, at: start, "\(tag) has no length and is no sequence")
            }
            return .fragments(try parseFragments())
        }
        if vr.stated.isBulk, length > ParsingLimits.inlineBytes || tag == .pixelData {
            defer { offset += length }
            return .stored(ByteRange(offset: offset, count: length))
        }
        guard length <= ParsingLimits.valueBytes else {
            throw DataSetError(.tooLarge, at: start, "\(tag) has a value of \(length) bytes")
        }
        let bytes = try window.slice(offset, length)
        offset += length
        if tag == .pixelRepresentation, depth == 0 { isSigned = bytes.contains { $0 != 0 } }
        return .bytes(bytes)
    }

    private mutating func parseItems(
        _ length: Int?, isExplicit: Bool, depth: Int
    ) throws(DataSetError) -> [DataSet] {
        let end = length.map { offset + $0 }
        var items: [DataSet] = []
        while true {
            if let end, offset >= end {
                guard offset == end else {
                    throw DataSetError(.malformed, at: end, "an item is longer than its sequence")
                }
                return items
            }
            let start = offset
            let tag = try readTag()
            let itemLength = try readLength()
            if tag == .sequenceEnd, end == nil, itemLength == 0 { return items }
            guard tag == .item else { throw DataSetError(.malformed, at: start, "\(tag) where an item must begin") }
            items.append(try parseItem(itemLength, isExplicit: isExplicit, depth: depth))
        }
    }

    private mutating func parseItem(_ length: Int?, isExplicit: Bool, depth: Int) throws(DataSetError) -> DataSet {
        elementsLeft -= 1
        let end = length.map { offset + $0 }
        if let end, end > window.count {
            throw DataSetError(.truncated, at: offset, "an item is longer than the file; copy it again from its source")
        }
        var item = DataSet()
        while true {
            if let end, offset >= end {
                guard offset == end else {
                    throw DataSetError(.malformed, at: end, "an element is longer than its item")
                }
                break
            }
            if end == nil {
                let start = offset
                if try readTag() == .itemEnd {
                    guard try readLength() == 0 else { throw DataSetError(.malformed, at: start, "an item ends oddly") }
                    break
                }
                offset = start
            }
            item.elements.append(try parseElement(isExplicit: isExplicit, depth: depth))
        }
        try Self.sort(&item, at: offset)
        return item
    }

    private mutating func parseFragments() throws(DataSetError) -> [ByteRange] {
        var fragments: [ByteRange] = []
        while true {
            let start = offset
            let tag = try readTag()
            guard let length = try readLength() else {
                throw DataSetError(.malformed, at: start, "a fragment has no length")
            }
            if tag == .sequenceEnd, length == 0 { return fragments }
            guard tag == .item, fragments.count < ParsingLimits.fragments else {
                throw DataSetError(.malformed, at: start, "\(tag) where a fragment must begin")
            }
            guard length <= window.count - offset else {
                throw DataSetError(
                    .truncated, at: start, "a fragment is longer than the file; copy it again from its source")
            }
            fragments.append(ByteRange(offset: offset, count: length))
            offset += length
        }
    }
}
