import CDeflate
public import Files

/// Writes files of PS3.10: an empty preamble, file meta information, and the data set in its encoding.
public enum PartTenWriter {
    /// - Parameters:
    ///   - meta: elements of group 0002 without the group length, which is computed.
    ///   - source: what stored values of the data set lie in.
    ///   - patches: bytes of the source to replace in a deflated data set; in others `forEachPart` replaces them.
    /// - Throws: `FileError` of the source; only deflated data sets, which are packed as a whole, read it here.
    public static func encode(
        meta: DataSet, _ dataSet: DataSet, _ encoding: Encoding, from source: ByteSource,
        patches: SourcePatches = SourcePatches()
    ) throws(FileError) -> EncodedDataSet {
        var whole = begun(meta, encoding)
        guard encoding.isDeflated else {
            whole.write(dataSet)
            return whole.output
        }
        var plain = DataSetWriter(encoding: encoding)
        plain.write(dataSet)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(plain.output.count)
        try plain.output.forEachPart(from: source, patches: patches) { (part) throws(FileError) in
            bytes.append(contentsOf: part)
        }
        whole.append(deflated: deflated(bytes), plain)
        return whole.output
    }

    /// A file of explicit little endian that is all in memory: nothing of it is stored elsewhere.
    public static func encodeInMemory(meta: DataSet, _ dataSet: DataSet) -> EncodedDataSet {
        var whole = begun(meta, .explicitLittleEndian)
        whole.write(dataSet)
        return whole.output
    }

    /// Preamble and file meta information.
    private static func begun(_ meta: DataSet, _ encoding: Encoding) -> DataSetWriter {
        var group = DataSetWriter(encoding: .explicitLittleEndian)
        group.write(meta)
        let length = UInt32(group.output.bytes.count)
        var whole = DataSetWriter(encoding: encoding)
        whole.append([UInt8](repeating: 0, count: 128))
        whole.append("DICM".utf8)
        whole.append([2, 0, 0, 0, UInt8(ascii: "U"), UInt8(ascii: "L"), 4, 0])
        whole.append((0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) })
        whole.append(group)
        return whole
    }

    /// Raw deflate, padded to even length (PS3.5 A.5).
    private static func deflated(_ bytes: [UInt8]) -> [UInt8] {
        // Returns null only when memory is exhausted.
        let compressor = libdeflate_alloc_compressor(6)!
        defer { libdeflate_free_compressor(compressor) }
        let bound = libdeflate_deflate_compress_bound(compressor, bytes.count)
        var packed = [UInt8](unsafeUninitializedCapacity: bound) { buffer, filled in
            filled = libdeflate_deflate_compress(compressor, bytes, bytes.count, buffer.baseAddress, bound)
        }
        if packed.count % 2 == 1 { packed.append(0) }
        return packed
    }
}

extension EncodedDataSet {
    /// Gives the bytes in order, those of the source a mebibyte at a time.
    ///
    /// - Parameter patches: bytes of the source to replace on the way, none beyond the inserted ranges.
    /// - Throws: `FileError` of the source, or of `body`.
    public func forEachPart(
        from source: ByteSource, patches: SourcePatches = SourcePatches(),
        _ body: (UnsafeRawBufferPointer) throws(FileError) -> Void
    ) throws(FileError) {
        var written = 0
        for insertion in insertions {
            try Self.give(bytes[written..<insertion.place], body)
            try source.forEachChunk(insertion.range, patches: patches, body)
            written = insertion.place
        }
        try Self.give(bytes[written...], body)
    }

    private static func give(
        _ part: ArraySlice<UInt8>, _ body: (UnsafeRawBufferPointer) throws(FileError) -> Void
    ) throws(FileError) {
        let span = part.span.bytes
        try span.withUnsafeBytes { (buffer) throws(FileError) in try body(buffer) }
    }
}
