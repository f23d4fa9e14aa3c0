/// Bytes of the source from one place on.
public struct ByteRange: Sendable, Hashable {
    public var offset: Int
    public var count: Int
    public init(offset: Int, count: Int) { (self.offset, self.count) = (offset, count) }
    public var end: Int { offset + count }
}

/// One data element as it stands in a file (PS3.5 7.1).
public struct DataElement: Sendable {
    public enum Value: Sendable {
        /// As in the file, padding included, in the byte order of the file.
        case bytes(ArraySlice<UInt8>)
        /// Large and left where it is.
        case stored(ByteRange)
        case items([DataSet])
        /// Encapsulated pixel data (PS3.5 A.4): the first fragment is the basic offset table.
        case fragments([ByteRange])
    }

    public let tag: Tag
    public var vr: ValueRepresentation
    public var value: Value
    /// Whether the value is as it was read: false for values that are put in its place.
    public let isOriginal: Bool

    public init(_ tag: Tag, _ vr: ValueRepresentation, _ value: Value) {
        (self.tag, self.vr, self.value, isOriginal) = (tag, vr, value, false)
    }

    init(read tag: Tag, _ vr: ValueRepresentation, _ value: Value) {
        (self.tag, self.vr, self.value, isOriginal) = (tag, vr, value, true)
    }

    /// The same value in another encoding of characters.
    public func transcoded(_ text: String) -> DataElement {
        DataElement(read: tag, vr, DataElement(tag, vr, text: text).value)
    }

    /// A value of characters, padded to even length.
    public init(_ tag: Tag, _ vr: ValueRepresentation, text: String) {
        var bytes = Array(text.utf8)
        if bytes.count % 2 == 1 { bytes.append(vr.padding) }
        self.init(tag, vr, .bytes(bytes[...]))
    }

    /// The same value, as original as it is, under another tag.
    public func copied(to tag: Tag) -> DataElement {
        isOriginal ? DataElement(read: tag, vr, value) : DataElement(tag, vr, value)
    }

    /// The value when it is in memory and no sequence.
    public var bytes: ArraySlice<UInt8>? { if case .bytes(let bytes) = value { bytes } else { nil } }
    public var items: [DataSet]? { if case .items(let items) = value { items } else { nil } }

    /// Bytes of the value; of sequences nil.
    public var length: Int? {
        switch value {
        case .bytes(let bytes): bytes.count
        case .stored(let range): range.count
        case .fragments(let ranges): ranges.reduce(0) { $0 + $1.count }
        case .items: nil
        }
    }

    public var isEmpty: Bool {
        switch value {
        case .items(let items): items.isEmpty
        default: length == 0
        }
    }

    /// The value as plain characters without padding, for representations that no character set concerns: UIDs, codes,
    /// numbers, dates. Bytes beyond ASCII become U+FFFD.
    public var plainText: String {
        guard let bytes else { return "" }
        var trimmed = bytes
        while let last = trimmed.last, last == 0 || last == 0x20 { trimmed.removeLast() }
        while trimmed.first == 0x20 { trimmed.removeFirst() }
        return String(decoding: trimmed, as: UTF8.self)
    }
}

/// A data set, or the item of a sequence: elements in the order of their tags.
public struct DataSet: Sendable {
    public var elements: [DataElement]

    public init(_ elements: [DataElement] = []) { self.elements = elements }

    public subscript(tag: Tag) -> DataElement? { place(of: tag).map { elements[$0] } }

    public func text(_ tag: Tag) -> String { self[tag]?.plainText ?? "" }

    /// Replaces an element, or adds it where its tag belongs.
    public mutating func set(_ element: DataElement) {
        let place = lowerBound(element.tag)
        if place < elements.count, elements[place].tag == element.tag {
            elements[place] = element
        } else {
            elements.insert(element, at: place)
        }
    }

    public mutating func remove(_ tag: Tag) {
        if let place = place(of: tag) { elements.remove(at: place) }
    }

    private func place(of tag: Tag) -> Int? {
        let place = lowerBound(tag)
        return place < elements.count && elements[place].tag == tag ? place : nil
    }

    private func lowerBound(_ tag: Tag) -> Int {
        var (low, high) = (0, elements.count)
        while low < high {
            let middle = (low + high) / 2
            if elements[middle].tag < tag { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
