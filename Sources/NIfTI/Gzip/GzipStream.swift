import CISAL
import Files

/// A gzip file (RFC 1952) of one or more members, inflated from its start piece by piece, every checksum and length
/// verified. Memory is bounded by the pieces.
struct GzipStream: ~Copyable {
    private let file: FileReader
    private let stream: OpaquePointer
    /// Compressed bytes, of which `input[next...]` are still to come.
    private var input: [UInt8] = []
    private var next = 0
    private var fileOffset = 0
    /// Something of a member was read and its trailer was not.
    private var isInsideMember = false
    private var isAtEnd = false

    static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B, 0x08]) }

    init(_ file: FileReader) throws(NIfTIError) {
        guard let stream = gzip_stream_new() else { throw NIfTIError(.tooLarge, path: file.path, "out of memory") }
        (self.file, self.stream) = (file, stream)
    }

    deinit { gzip_stream_free(stream) }

    /// Fills a buffer with what comes next.
    /// - Returns: bytes made; fewer than the buffer holds only when the last member has ended.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(NIfTIError) -> Int {
        var filled = 0
        while filled < buffer.count, !isAtEnd {
            if next == input.count { try readInput() }
            if next == input.count {
                guard !isInsideMember else {
                    throw NIfTIError(.truncated, path: file.path, "the gzip stream is truncated; copy the file again")
                }
                isAtEnd = true
            } else if !isInsideMember, input[next] == 0 {
                try skipPadding()
            } else if !isInsideMember, input[next] != 0x1F {
                throw Self.notGzip(file.path)
            } else {
                filled += try inflate(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            }
        }
        return filled
    }

    private mutating func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(NIfTIError) -> Int {
        var (used, made) = (0, 0)
        let status = input.withUnsafeBufferPointer { input in
            gzip_stream_inflate(
                stream, input.baseAddress! + next, input.count - next, &used,
                buffer.baseAddress!.assumingMemoryBound(to: UInt8.self), buffer.count, &made)
        }
        // A call that moves nothing would be repeated for ever.
        guard Int(status) != GZIP_STREAM_DAMAGED, used + made > 0 else {
            throw NIfTIError(
                .damaged, path: file.path, "the gzip stream is damaged or its checksum is wrong; copy the file again")
        }
        next += used
        isInsideMember = Int(status) != GZIP_STREAM_MEMBER_END
        return made
    }

    /// Zero bytes behind the last member pad to a block, as on tapes; gzip takes them too.
    private mutating func skipPadding() throws(NIfTIError) {
        repeat {
            guard input[next...].allSatisfy({ $0 == 0 }) else {
                throw Self.notGzip(file.path)
            }
            try readInput()
        } while !input.isEmpty
    }

    private static func notGzip(_ path: String) -> NIfTIError {
        NIfTIError(.damaged, path: path, "something that is no gzip follows the stream's end")
    }

    private mutating func readInput() throws(NIfTIError) {
        input = try reading { () throws(FileError) in try file.bytes(at: fileOffset, count: 1 << 18) }
        next = 0
        fileOffset += input.count
    }

    /// The first `count` bytes that the start of a gzip file inflates to, fewer when it holds fewer; none when it is no
    /// gzip. The input may end anywhere; what came out until then is right.
    static func start(of bytes: [UInt8], count: Int) -> [UInt8] {
        guard let stream = gzip_stream_new() else { return [] }
        defer { gzip_stream_free(stream) }
        return [UInt8](unsafeUninitializedCapacity: count) { out, filled in
            var consumed = 0
            bytes.withUnsafeBufferPointer { bytes in
                while filled < count, consumed < bytes.count {
                    var (used, made) = (0, 0)
                    let status = gzip_stream_inflate(
                        stream, bytes.baseAddress! + consumed, bytes.count - consumed, &used,
                        out.baseAddress! + filled, count - filled, &made)
                    consumed += used
                    filled += made
                    guard Int(status) != GZIP_STREAM_DAMAGED, used + made > 0 else { return }
                }
            }
        }
    }
}

/// Runs what reads a file, with this module's error.
func reading<R>(_ body: () throws(FileError) -> R) throws(NIfTIError) -> R {
    do throws(FileError) {
        return try body()
    } catch {
        throw NIfTIError(.unreadable, path: error.path, error.reason)
    }
}
