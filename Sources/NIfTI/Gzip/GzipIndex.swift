import CDeflate
import Files

/// Where the members of a gzip file lie that says so itself: each begins with an extra field "HL" (RFC 1952, 2.3.1.1)
/// that holds the member's length and what it inflates to, so that members can be inflated by several threads.
/// `GzipMember` writes such files.
struct GzipIndex {
    struct Member {
        /// In the file.
        var offset: Int
        var length: Int
        /// In the inflated stream.
        var start: Int
        var count: Int
    }

    private(set) var members: [Member] = []
    /// Bytes of the whole inflated stream.
    private(set) var count = 0

    /// Members that inflate to more are left to `GzipStream`, which needs no memory for them.
    static let memberLimit = 4 << 20

    /// Nil when a member has no such field: the file is by another program, or damaged.
    init?(_ file: FileReader) throws(NIfTIError) {
        var offset = 0
        while offset < file.size {
            let head = try reading { () throws(FileError) in
                try file.bytes(at: offset, count: GzipMember.headerLength)
            }
            guard let (length, count) = GzipMember.sizes(head), length <= file.size - offset,
                count <= Self.memberLimit
            else { return nil }
            members.append(Member(offset: offset, length: length, start: self.count, count: count))
            offset += length
            self.count += count
        }
    }

    /// Inflates one member into a buffer of `member.count` bytes; checksum and both lengths must be right.
    static func inflate(
        _ member: Member, of file: FileReader, into buffer: UnsafeMutableRawBufferPointer
    ) throws(NIfTIError) {
        let bytes = try reading { () throws(FileError) in try file.bytes(at: member.offset, count: member.length) }
        guard let decompressor = libdeflate_alloc_decompressor() else {
            throw NIfTIError(.tooLarge, path: file.path, "out of memory")
        }
        defer { libdeflate_free_decompressor(decompressor) }
        var (used, made) = (0, 0)
        let result = libdeflate_gzip_decompress_ex(
            decompressor, bytes, bytes.count, buffer.baseAddress, buffer.count, &used, &made)
        guard result == LIBDEFLATE_SUCCESS, used == member.length, made == member.count else {
            throw NIfTIError(
                .damaged, path: file.path, "the gzip stream is damaged or its checksum is wrong; copy the file again")
        }
    }
}
