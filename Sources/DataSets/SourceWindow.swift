import Files

/// A part of a source in memory that moves along as a parser reads.
public struct SourceWindow {
    private let source: ByteSource
    private var bytes: [UInt8]
    private var start = 0
    public let count: Int

    private let size: Int

    /// - Parameter size: bytes to load at once, of sources that are not in memory.
    public init(_ source: ByteSource, size: Int = 1 << 20) {
        (self.source, self.size) = (source, size)
        count = source.count
        bytes = source.whole ?? []
    }

    /// - Throws: `.truncated` when the source ends before.
    public mutating func slice(_ offset: Int, _ length: Int) throws(DataSetError) -> ArraySlice<UInt8> {
        try load(offset, length)
        return bytes[offset - start..<offset - start + length]
    }

    public mutating func byte(_ offset: Int) throws(DataSetError) -> UInt8 {
        try load(offset, 1)
        return bytes[offset - start]
    }

    public mutating func unsigned16(_ offset: Int, bigEndian: Bool) throws(DataSetError) -> UInt16 {
        try load(offset, 2)
        let place = offset - start
        let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
        return bigEndian ? first << 8 | second : second << 8 | first
    }

    public mutating func unsigned32(_ offset: Int, bigEndian: Bool) throws(DataSetError) -> UInt32 {
        let first = UInt32(try unsigned16(offset, bigEndian: bigEndian))
        let second = UInt32(try unsigned16(offset + 2, bigEndian: bigEndian))
        return bigEndian ? first << 16 | second : second << 16 | first
    }

    private mutating func load(_ offset: Int, _ length: Int) throws(DataSetError) {
        if offset >= start, offset + length <= start + bytes.count { return }
        guard offset >= 0, length <= count - offset else {
            throw DataSetError(.truncated, at: offset, "the file ends within an element; copy it again from its source")
        }
        let wanted = min(max(length, size), count - offset)
        do {
            bytes = try Array(source.bytes(ByteRange(offset: offset, count: wanted)))
        } catch {
            throw DataSetError(.unreadable, at: offset, error.reason)
        }
        start = offset
    }
}
