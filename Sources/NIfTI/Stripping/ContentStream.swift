import Files

/// The bytes of a file, or what it inflates to when it is gzip, from start to end in bounded memory.
struct ContentStream: ~Copyable {
    let isGzip: Bool
    private let file: FileReader
    private var gzip: GzipStream?
    private var offset = 0

    init(_ path: String) throws(NIfTIError) {
        let file = try reading { () throws(FileError) in try FileReader(path: path) }
        let start = try reading { () throws(FileError) in try file.bytes(count: 3) }
        try self.init(file, isGzip: GzipStream.isGzip(start))
    }

    private init(_ file: FileReader, isGzip: Bool) throws(NIfTIError) {
        gzip = isGzip ? try GzipStream(file) : nil
        (self.file, self.isGzip) = (file, isGzip)
    }

    /// Compressed bytes, or all.
    var fileSize: Int { file.size }

    /// Fills a buffer with what comes next.
    /// - Returns: fewer bytes than the buffer holds only at the end.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(NIfTIError) -> Int {
        let made: Int
        if isGzip {
            made = try gzip!.read(into: buffer)
        } else {
            made = try reading { [file, offset] () throws(FileError) in try file.read(at: offset, into: buffer) }
        }
        offset += made
        return made
    }

    /// The next bytes, at most so many.
    mutating func bytes(_ count: Int) throws(NIfTIError) -> [UInt8] {
        // Memory follows what is there, not what a header announces.
        var bytes: [UInt8] = []
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: min(count, 1 << 18), alignment: 16)
        defer { piece.deallocate() }
        while bytes.count < count {
            let made = try read(into: .init(rebasing: piece[..<min(piece.count, count - bytes.count)]))
            guard made > 0 else { break }
            bytes += piece[..<made]
        }
        return bytes
    }
}

extension NIfTIFile {
    /// Calls `body` with the content of a file, inflated when it is gzip, in pieces of at most 1 MiB with their places.
    ///
    /// - Throws: `NIfTIError` when a checksum or a length of a gzip stream is wrong.
    public static func forEachPiece(
        path: String, _ body: (_ offset: Int, UnsafeRawBufferPointer) -> Void
    ) throws(NIfTIError) {
        var stream = try ContentStream(path)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        var offset = 0
        while case let made = try stream.read(into: buffer), made > 0 {
            body(offset, UnsafeRawBufferPointer(rebasing: buffer[..<made]))
            offset += made
        }
    }
}
