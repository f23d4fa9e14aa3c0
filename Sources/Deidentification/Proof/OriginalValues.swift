import DataSets

/// Values of a file of any kind that must not be found in its result: `Harvest` for what has no data elements.
public struct OriginalValues: Sendable {
    private(set) var harvest = Harvest()

    public init() {}

    init(_ harvest: Harvest) { self.harvest = harvest }

    public mutating func formUnion(_ other: OriginalValues) { harvest.formUnion(other.harvest) }

    public var count: Int { harvest.needles.count }
    var needles: NeedleSet { harvest.needles }

    /// Text that was removed, and that may stand elsewhere by right.
    public mutating func note(_ text: String) { harvest.insert(text, .description, Tag(0)) }

    /// Text that tells who, where or when.
    public mutating func note(identity text: String) { harvest.insert(text, .identity, Tag(0)) }

    /// The value of an attribute, in all spellings that its representation has.
    mutating func note(_ text: String, of tag: Tag, _ vr: ValueRepresentation) {
        harvest.note(DataElement(tag, vr, text: text), charset: Self.charset)
    }

    /// Readable text within bytes.
    public mutating func note(bytes: [UInt8]) {
        harvest.noteBytes(DataElement(Tag(0), .UN, .bytes(bytes[...])), bytes[...])
    }

    /// The parts of a path that a result does not share.
    ///
    /// - Parameter technique: texts that name the scanner.
    public mutating func note(path: String, becoming result: String, technique: [String] = []) {
        let kept = Set(result.split(separator: "/"))
        for part in path.split(separator: "/") where !kept.contains(part) {
            harvest.note(path: String(part), technique: technique)
        }
    }

    private static let charset = CharacterSet(["ISO_IR 192"])
}
