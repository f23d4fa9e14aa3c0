import CStandards

/// Elements by their keyword (PS3.6), with the value representation that the dictionary gives them: for objects that are
/// made here. A keyword that the dictionary does not know is a mistake of the program.
extension DataElement {
    /// Characters, in UTF-8 where a character set applies; several values are parted by backslashes.
    public static func text(_ keyword: String, _ value: String) -> DataElement {
        let (tag, vr) = named(keyword)
        return DataElement(tag, vr, text: value)
    }

    /// Whole numbers as words of the element's size, little endian.
    public static func numbers(_ keyword: String, _ values: [Int]) -> DataElement {
        let (tag, vr) = named(keyword)
        let bytes = values.flatMap { value in (0..<vr.wordSize).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        return DataElement(tag, vr, .bytes(bytes[...]))
    }

    public static func number(_ keyword: String, _ value: Int) -> DataElement { numbers(keyword, [value]) }

    /// An attribute's value that is a tag (AT).
    public static func tag(_ keyword: String, of other: String) -> DataElement {
        let number = named(other).tag.number
        return numbers(keyword, [Int(number >> 16), Int(number & 0xFFFF)])
    }

    /// Floating-point numbers of 32 or 64 bits, little endian.
    public static func floats(_ keyword: String, _ values: [Double]) -> DataElement {
        let (tag, vr) = named(keyword)
        let bytes = values.flatMap { value -> [UInt8] in
            vr.wordSize == 8
                ? value.bitPattern.littleEndianBytes : UInt64(Float(value).bitPattern).littleEndianBytes.dropLast(4)
        }
        return DataElement(tag, vr, .bytes(bytes[...]))
    }

    public static func items(_ keyword: String, _ items: [DataSet]) -> DataElement {
        let (tag, vr) = named(keyword)
        return DataElement(tag, vr, .items(items))
    }

    /// - Parameter vr: of those that the dictionary allows; nil for its first.
    public static func bytes(_ keyword: String, _ bytes: [UInt8], as vr: ValueRepresentation? = nil) -> DataElement {
        let (tag, usual) = named(keyword)
        return DataElement(tag, vr ?? usual, .bytes(bytes[...]))
    }

    private static func named(_ keyword: String) -> (tag: Tag, vr: ValueRepresentation) {
        guard let tag = Tag(keyword: keyword), let vr = DataDictionary.representation(of: tag, isSigned: false) else {
            preconditionFailure("PS3.6 has no \(keyword)")
        }
        return (tag, vr)
    }
}

extension DataSet {
    /// In any order.
    public init(of elements: [DataElement]) {
        self.init(elements.sorted { $0.tag < $1.tag })
    }

    public mutating func add(_ elements: [DataElement]) { for element in elements { set(element) } }

    /// By keyword; nil also for a keyword that the dictionary does not know.
    public subscript(keyword: String) -> DataElement? { Tag(keyword: keyword).flatMap { self[$0] } }
}

extension UInt64 {
    fileprivate var littleEndianBytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) } }
}
