import CDeflate
public import Files

/// The bytes of a file, or what a deflated data set inflates to. Files of any size: only a window is in memory.
public struct ByteSource: Sendable {
    private enum Content: Sendable {
        case memory([UInt8])
        case file(FileReader)
    }

    private let content: Content
    public let count: Int

    public init(_ bytes: [UInt8]) { (content, count) = (.memory(bytes), bytes.count) }

    /// - Parameter inMemoryUpTo: smaller files are read whole at once.
    public init(file: FileReader, inMemoryUpTo limit: Int = 8 << 20) throws(FileError) {
        count = file.size
        if file.size <= limit {
            let bytes = try file.bytes(count: file.size)
            guard bytes.count == file.size else { throw FileError("read", file.path, .changed) }
            content = .memory(bytes)
        } else {
            content = .file(file)
        }
    }

    /// All bytes, when they are in memory.
    public var whole: [UInt8]? { if case .memory(let bytes) = content { bytes } else { nil } }

    /// - Throws: `FileError`, `.changed` when the file became shorter.
    public func bytes(_ range: ByteRange) throws(FileError) -> ArraySlice<UInt8> {
        switch content {
        case .memory(let bytes): return bytes[range.offset..<range.end]
        case .file(let file):
            let bytes = try file.bytes(at: range.offset, count: range.count)
            guard bytes.count == range.count else { throw FileError("read", file.path, .changed) }
            return bytes[...]
        }
    }

    /// Calls `body` with the bytes of a range, a mebibyte at a time.
    ///
    /// - Parameter patches: bytes to replace on the way, by their places in the source.
    public func forEachChunk(
        _ range: ByteRange, patches: SourcePatches = SourcePatches(),
        _ body: (UnsafeRawBufferPointer) throws(FileError) -> Void
    ) throws(FileError) {
        var offset = range.offset
        while offset < range.end {
            let part = ByteRange(offset: offset, count: min(range.end - offset, 1 << 20))
            var chunk = try bytes(part)
            patches.apply(to: &chunk, from: part.offset)
            let span = chunk.span.bytes
            try span.withUnsafeBytes { (buffer) throws(FileError) in try body(buffer) }
            offset = part.end
        }
    }

    /// The source that the rest of this one inflates to: raw deflate (PS3.5 A.5).
    ///
    /// - Parameter limit: bytes that it may have at most.
    /// - Returns: also how many bytes of this source follow the deflated ones.
    public func inflated(from offset: Int, limit: Int) throws(DataSetError) -> (source: ByteSource, trailing: Int) {
        let packed: ArraySlice<UInt8>
        do { packed = try bytes(ByteRange(offset: offset, count: count - offset)) } catch {
            throw DataSetError(.unreadable, at: offset, error.reason)
        }
        guard let decompressor = libdeflate_alloc_decompressor() else {
            throw DataSetError(.tooLarge, at: offset, "not enough memory to inflate")
        }
        defer { libdeflate_free_decompressor(decompressor) }
        var capacity = max(1 << 16, packed.count * 4)
        while true {
            capacity = min(capacity, limit)
            var (used, consumed, result) = (0, 0, LIBDEFLATE_SUCCESS)
            let inflated = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, filled in
                result = packed.withUnsafeBytes {
                    libdeflate_deflate_decompress_ex(
                        decompressor, $0.baseAddress, $0.count, buffer.baseAddress, buffer.count, &consumed, &used)
                }
                filled = result == LIBDEFLATE_SUCCESS ? used : 0
            }
            switch result {
            case LIBDEFLATE_SUCCESS: return (ByteSource(inflated), packed.count - consumed)
            case LIBDEFLATE_INSUFFICIENT_SPACE where capacity < limit: capacity *= 4
            case LIBDEFLATE_INSUFFICIENT_SPACE:
                throw DataSetError(.tooLarge, at: offset, "the deflated data set inflates to more than \(limit) bytes")
            default: throw DataSetError(.malformed, at: offset, "the deflated data set is damaged")
            }
        }
    }
}
