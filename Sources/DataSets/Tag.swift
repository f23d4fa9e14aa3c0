/// A data element's tag, (gggg,eeee) of PS3.5 7.1, as one number: the group in the high half.
public struct Tag: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let number: UInt32

    public init(_ number: UInt32) { self.number = number }
    public init(_ group: UInt16, _ element: UInt16) { number = UInt32(group) << 16 | UInt32(element) }

    /// "(0010,0020)", or the same without parentheses; nil for anything else.
    public init?(_ text: String) {
        let parts = text.filter { $0 != "(" && $0 != ")" }.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 4 }), let group = UInt16(parts[0], radix: 16),
            let element = UInt16(parts[1], radix: 16)
        else { return nil }
        self.init(group, element)
    }

    public var group: UInt16 { UInt16(truncatingIfNeeded: number >> 16) }
    public var element: UInt16 { UInt16(truncatingIfNeeded: number) }

    /// Odd groups belong to vendors (PS3.5 7.8).
    public var isPrivate: Bool { group & 1 == 1 }
    /// (gggg,0010-00FF) of an odd group: names who owns a block of elements.
    public var isPrivateCreator: Bool { isPrivate && (0x0010...0x00FF).contains(element) }
    /// The element that names the owner of this private element.
    public var creator: Tag { Tag(group, element >> 8) }
    public var isGroupLength: Bool { element == 0 }

    public static func < (left: Tag, right: Tag) -> Bool { left.number < right.number }

    public var description: String { "(\(Self.hex(group)),\(Self.hex(element)))" }

    private static func hex(_ value: UInt16) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}

extension Tag {
    public static let mediaStorageSOPClassUID = Tag(0x0002, 0x0002)
    public static let mediaStorageSOPInstanceUID = Tag(0x0002, 0x0003)
    public static let transferSyntaxUID = Tag(0x0002, 0x0010)
    public static let specificCharacterSet = Tag(0x0008, 0x0005)
    public static let pixelRepresentation = Tag(0x0028, 0x0103)
    public static let pixelData = Tag(0x7FE0, 0x0010)
    static let item = Tag(0xFFFE, 0xE000)
    static let itemEnd = Tag(0xFFFE, 0xE00D)
    static let sequenceEnd = Tag(0xFFFE, 0xE0DD)
}
