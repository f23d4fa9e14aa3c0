import Files

/// A DICOM file told apart: preamble, file meta information, data set (PS3.10 section 7).
public struct PartTenFile: Sendable {
    public let source: ByteSource
    public let encoding: Encoding
    /// Group 0002; empty when the file has none.
    public let meta: DataSet
    public var dataSet: DataSet
    /// Whether the 128 bytes before "DICM" hold something.
    public let hasPreambleContent: Bool
    /// Bytes behind the data set.
    public let trailingBytes: Int

    /// - Throws: `DataSetError`.
    public init(path: String) throws(DataSetError) {
        let source: ByteSource
        do { source = try ByteSource(file: FileReader(path: path)) } catch {
            throw DataSetError(.unreadable, at: 0, error.reason)
        }
        try self.init(source)
    }

    /// The beginning of a file, up to an element of the data set: what tells files apart without reading them whole.
    ///
    /// - Throws: `DataSetError`.
    public init(path: String, through last: Tag) throws(DataSetError) {
        do {
            try self.init(ByteSource(file: FileReader(path: path), inMemoryUpTo: 0), through: last)
        } catch let error as DataSetError {
            throw error
        } catch {
            throw DataSetError(.unreadable, at: 0, (error as? FileError)?.reason ?? "unreadable")
        }
    }

    /// - Throws: `DataSetError`.
    public init(_ file: ByteSource) throws(DataSetError) { try self.init(file, through: nil) }

    private init(_ file: ByteSource, through last: Tag?) throws(DataSetError) {
        var window = SourceWindow(file, size: last == nil ? 1 << 20 : 1 << 13)
        var start = 0
        if file.count >= 132, try window.slice(128, 4).elementsEqual("DICM".utf8) {
            hasPreambleContent = try window.slice(0, 128).contains { $0 != 0 }
            start = 132
        } else {
            hasPreambleContent = false
            guard try Self.looksLikeDataSet(&window) else {
                throw DataSetError(.notDICOM, at: 0, "not a DICOM file")
            }
        }
        var parser = DataSetParser(window, from: start, encoding: .explicitLittleEndian)
        meta = try parser.parseMeta()
        let stated = meta.text(.transferSyntaxUID)
        if stated.isEmpty {
            encoding = try Self.guess(&window, parser.offset)
        } else {
            guard let known = Encoding(transferSyntax: stated) else {
                throw DataSetError(
                    .unknownTransferSyntax, at: start, "the transfer syntax is not one of the standard's")
            }
            encoding = known
        }
        var (source, first, garbage) = (file, parser.offset, 0)
        if encoding.isDeflated {
            (source, garbage) = try file.inflated(from: first, limit: ParsingLimits.inflatedBytes)
            first = 0
            // A byte pads the stream to even length (PS3.5 A.5).
            if garbage == 1 { garbage = 0 }
        }
        self.source = source
        if encoding.isDeflated { window = SourceWindow(source) }
        var main = DataSetParser(window, from: first, encoding: encoding)
        let (elements, rest) = if let last { (try main.parse(through: last), 0) } else { try main.parseAll() }
        dataSet = elements
        trailingBytes = garbage + rest
        guard !elements.elements.isEmpty else { throw DataSetError(.malformed, at: first, "the data set is empty") }
    }

    /// Files without preamble begin with a low group: 0002, 0004 or 0008.
    private static func looksLikeDataSet(_ window: inout SourceWindow) throws(DataSetError) -> Bool {
        guard window.count >= 16 else { return false }
        guard [0x0002, 0x0008].contains(try window.unsigned16(0, bigEndian: false)) else { return false }
        return try window.unsigned16(2, bigEndian: false) <= 0x0080
    }

    /// Without a stated transfer syntax a data set is little endian, explicit when its first element has letters where
    /// these would be (PS3.10 7.1 knows no such files; PS3.5 10.1 makes implicit the default).
    private static func guess(_ window: inout SourceWindow, _ offset: Int) throws(DataSetError) -> Encoding {
        guard offset + 8 <= window.count else {
            throw DataSetError(.truncated, at: offset, "the file ends before its data set")
        }
        let vr = ValueRepresentation(try window.byte(offset + 4), try window.byte(offset + 5))
        return vr.isWellFormed ? .explicitLittleEndian : .implicitLittleEndian
    }

    /// An integer of 16 or 32 bits, or of digits, at top level.
    public func integer(_ tag: Tag) -> Int? { dataSet[tag].flatMap(integer) }

    /// The first value of an element as a whole number.
    public func integer(_ element: DataElement) -> Int? {
        guard let bytes = element.bytes else { return nil }
        switch element.vr {
        case .US, .SS, .UL, .SL:
            let size = element.vr.wordSize
            guard bytes.count >= size else { return nil }
            let word = bytes.prefix(size)
            let ordered = encoding.isBigEndian ? Array(word) : word.reversed()
            let value = ordered.reduce(0) { $0 << 8 | Int($1) }
            let isSigned = element.vr == .SS || element.vr == .SL
            return isSigned && value >= 1 << (size * 8 - 1) ? value - 1 << (size * 8) : value
        default:
            return Int(element.plainText)
        }
    }
}
